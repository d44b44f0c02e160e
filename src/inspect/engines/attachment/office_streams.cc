#include "inspect/engines/attachment/office_streams.h"

#include <algorithm>
#include <string>

#include "inspect/engines/attachment/file_kind.h"
#include "inspect/engines/attachment/little_endian.h"

namespace watchpost::inspect::attachment {

using base::ByteView;
using namespace std::string_view_literals;

namespace {

/// Programs, and texts of any kind: a batch file or a script has no magic number.
bool can_run(ByteView data) noexcept
{
    const FileKind kind = detect_kind(data);
    if (kind != FileKind::unknown) {
        return is_active(kind) || kind == FileKind::unix_script || kind == FileKind::html;
    }
    const std::string_view head = base::as_text(base::slice(data, 0, 512));
    return !head.empty() && std::ranges::all_of(head, [](char c) {
        return (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\r' || c == '\n';
    });
}

} // namespace

bool is_encrypted_word(ByteView stream) noexcept
{
    constexpr std::uint16_t identifier = 0xA5EC;
    const auto flags = little_u16(stream, 0x0A);
    return little_u16(stream, 0) == identifier && flags && (*flags & 0x0100U) != 0;
}

bool is_encrypted_workbook(ByteView stream) noexcept
{
    constexpr std::uint16_t file_pass = 0x002F;
    constexpr int records_max = 64; // FilePass stands among the first
    for (int record = 0; record < records_max; ++record) {
        const auto type = little_u16(stream, 0);
        const auto size = little_u16(stream, 2);
        if (!type || !size) {
            return false;
        }
        if (*type == file_pass) {
            return true;
        }
        stream = base::slice(stream, std::size_t{4} + *size, stream.size());
    }
    return false;
}

bool has_presentation_macros(ByteView stream) noexcept
{
    // VBAInfoContainer (type 0x03FF) with its only child, the atom (type 0x0400).
    constexpr auto headers = "\x1F\0\xFF\x03\x14\0\0\0\x02\0\0\x04\x0C\0\0\0"sv;
    const auto at = base::as_text(stream).find(headers);
    if (at == std::string_view::npos) {
        return false;
    }
    const auto has_macros = little_u32(stream, at + headers.size() + 4);
    return has_macros && *has_macros != 0;
}

bool is_outlook_message(ByteView compound_file)
{
    std::string name; // as the directory has it, in UTF-16
    for (const char c : "__properties_version1.0"sv) {
        name += {c, '\0'};
    }
    return base::as_text(compound_file).find(name) != std::string_view::npos;
}

ByteView find_onenote_embedding(ByteView section) noexcept
{
    // FileDataStoreObject: guidHeader, then cbLength (8 octets) and 12 octets unused.
    constexpr auto header = "\xE7\x16\xE3\xBD\x65\x26\x11\x45\xA4\xC4\x8D\x4D\x0B\x7A\x9E\xAC"sv;
    constexpr std::size_t data_offset = 36;
    const std::string_view text = base::as_text(section);
    for (auto at = text.find(header); at != std::string_view::npos;
         at = text.find(header, at + header.size())) {
        const auto size = little_u32(section, at + header.size());
        const ByteView data = base::slice(section, at + data_offset, size.value_or(0));
        if (can_run(data)) {
            return data;
        }
    }
    return {};
}

} // namespace watchpost::inspect::attachment
