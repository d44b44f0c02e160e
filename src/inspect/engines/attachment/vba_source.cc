#include "inspect/engines/attachment/vba_source.h"

#include <algorithm>
#include <array>
#include <span>

#include "inspect/engines/attachment/little_endian.h"

namespace watchpost::inspect::attachment {

namespace {

using base::ByteView;

constexpr std::size_t chunk_source_bytes = 4096; // §2.4.1.1.4: a chunk unpacks to at most this
constexpr std::uint8_t container_signature = 0x01;

/// §2.4.1.3.19.1 CopyToken Help: how many of the 16 bits are the length, by what the chunk holds.
unsigned length_bits(std::size_t chunk_bytes) noexcept
{
    unsigned offset_bits = 4;
    while (offset_bits < 12 && (std::size_t{1} << offset_bits) < chunk_bytes) {
        ++offset_bits;
    }
    return 16 - offset_bits;
}

/// Copies from what was already unpacked of this chunk; false where the token points before it.
bool copy_token(std::uint16_t token, std::size_t chunk_start, std::string& out)
{
    const unsigned bits = length_bits(out.size() - chunk_start);
    const std::size_t length = (token & ((1U << bits) - 1)) + 3;
    const std::size_t offset = (std::size_t{token} >> bits) + 1;
    if (offset > out.size() - chunk_start) {
        return false;
    }
    for (std::size_t i = 0; i < length && out.size() - chunk_start < chunk_source_bytes; ++i) {
        out += out[out.size() - offset];
    }
    return true;
}

/// One token sequence: a flag octet and up to eight tokens (§2.4.1.1.7). Returns what it took, 0 at
/// damage.
std::size_t take_sequence(ByteView data, std::size_t chunk_start, std::string& out)
{
    const auto flags = std::to_integer<unsigned>(data[0]);
    std::size_t at = 1;
    for (unsigned bit = 0; bit < 8 && at < data.size(); ++bit) {
        if (((flags >> bit) & 1U) == 0) {
            out += static_cast<char>(data[at++]);
            continue;
        }
        const auto token = little_u16(data, at);
        if (!token || !copy_token(*token, chunk_start, out)) {
            return 0;
        }
        at += 2;
    }
    return at;
}

bool unpack_chunk(ByteView data, std::string& out)
{
    const std::size_t start = out.size();
    while (!data.empty() && out.size() - start < chunk_source_bytes) {
        const std::size_t taken = take_sequence(data, start, out);
        if (taken == 0) {
            return false;
        }
        data = data.subspan(taken);
    }
    return true;
}

char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word_character(char c) noexcept
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

constexpr std::size_t word_bytes_max = 32; // longer than any that is looked for

/// Takes the next word off the front of `text`, in lower case and cut; empty at the end.
std::string take_word(std::string_view& text)
{
    const auto start = std::ranges::find_if(text, is_word_character);
    const auto end = std::find_if_not(start, text.end(), is_word_character);
    std::string word{start, start + std::min<std::ptrdiff_t>(end - start, word_bytes_max)};
    std::ranges::transform(word, word.begin(), lower);
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    return word;
}

/// The first of `words` (lower-case) in the text as a whole word; VBA has no case. One pass: a
/// hostile source is long.
std::string_view first_word_of(std::span<const std::string_view> words, std::string_view text)
{
    for (std::string word = take_word(text); !word.empty(); word = take_word(text)) {
        const auto found = std::ranges::find(words, word);
        if (found != words.end()) {
            return *found;
        }
    }
    return {};
}

} // namespace

std::string decompress_vba(ByteView container)
{
    std::string out;
    if (container.empty() || std::to_integer<std::uint8_t>(container[0]) != container_signature) {
        return out;
    }
    container = container.subspan(1);
    while (out.size() < vba_source_bytes_max) {
        const auto header = little_u16(container, 0);
        if (!header || (*header & 0x7000U) != 0x3000U) { // §2.4.1.1.5: signature 0b011
            break;
        }
        const std::size_t size = (*header & 0x0FFFU) + 1U; // CompressedChunkSize - 3, less 2
        const ByteView data = base::slice(container, 2, size);
        const bool is_compressed = (*header & 0x8000U) != 0;
        if (!is_compressed) {
            out += base::as_text(data);
        } else if (!unpack_chunk(data, out)) {
            break;
        }
        container = container.subspan(std::min(container.size(), size + 2));
    }
    return out;
}

std::optional<VbaModule> read_vba_module(ByteView stream)
{
    // Flag octet 0, then eight literals: the start of "Attribute VB_Name" in its compressed form.
    constexpr std::string_view first_line{"\0Attribut", 9};
    const auto at = base::as_text(stream).find(first_line);
    if (at == std::string_view::npos || at < 3) {
        return std::nullopt;
    }
    std::string source = decompress_vba(stream.subspan(at - 3));
    if (source.empty()) {
        return std::nullopt;
    }
    return VbaModule{at - 3, std::move(source)};
}

bool is_empty_module(const VbaModule& module)
{
    // Compiled code of a module without procedures stays below this; more of it beside an empty
    // source means that the source was taken out to hide what runs.
    constexpr std::size_t compiled_bytes_max = 4096;
    if (module.compiled_bytes > compiled_bytes_max) {
        return false;
    }
    std::string_view rest = module.source;
    while (!rest.empty()) {
        const auto end = rest.find_first_of("\r\n");
        const std::string_view line = rest.substr(0, end);
        if (!line.empty() && !line.starts_with("Attribute ") && !line.starts_with("Option ")) {
            return false;
        }
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return true;
}

std::string_view find_autoexec(std::string_view source)
{
    static constexpr std::array<std::string_view, 22> names{"autoexec",
                                                            "autoopen",
                                                            "auto_open",
                                                            "autoclose",
                                                            "auto_close",
                                                            "autoexit",
                                                            "autonew",
                                                            "document_open",
                                                            "documentopen",
                                                            "document_close",
                                                            "document_new",
                                                            "document_beforeclose",
                                                            "documentbeforeclose",
                                                            "document_change",
                                                            "workbook_open",
                                                            "workbook_activate",
                                                            "workbook_close",
                                                            "workbook_beforeclose",
                                                            "worksheet_activate",
                                                            "slideshowbegin",
                                                            "onslideshowpagechange",
                                                            "onload"};
    return first_word_of(names, source);
}

std::string_view find_suspicious(std::string_view source)
{
    static constexpr std::array<std::string_view, 20> words{
        "shell",          "shellexecute",   "shellexecutea",     "wscript",
        "createobject",   "getobject",      "winexec",           "createprocessa",
        "createprocessw", "createthread",   "virtualalloc",      "virtualprotect",
        "rtlmovememory",  "callwindowproc", "urldownloadtofile", "urldownloadtofilea",
        "powershell",     "mshta",          "rundll32",          "callbyname"};
    return first_word_of(words, source);
}

} // namespace watchpost::inspect::attachment
