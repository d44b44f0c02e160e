#include "unpack/vba_module.h"

#include <algorithm>
#include <cstdint>

#include "base/ascii.h"
#include "unpack/little_endian.h"

namespace watchpost::unpack {
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
        if (at + 2 > data.size() || !copy_token(u16_at(data, at), chunk_start, out)) {
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

} // namespace

std::string decompress_vba(ByteView container)
{
    std::string out;
    if (container.empty() || std::to_integer<std::uint8_t>(container[0]) != container_signature) {
        return out;
    }
    container = container.subspan(1);
    while (out.size() < vba_source_bytes_max) {
        const unsigned header = u16_at(container, 0);
        if (container.size() < 2 || (header & 0x7000U) != 0x3000U) { // §2.4.1.1.5: signature 0b011
            break;
        }
        const std::size_t size = (header & 0x0FFFU) + 1U; // CompressedChunkSize - 3, less 2
        const ByteView data = base::slice(container, 2, size);
        const bool is_compressed = (header & 0x8000U) != 0;
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

bool is_vba_module_path(std::string_view path)
{
    const auto cut = path.rfind('/');
    if (cut == std::string_view::npos) {
        return false;
    }
    const auto folder = path.substr(0, cut);
    const auto name = path.substr(cut + 1);
    return base::equals_ignoring_case(folder.substr(folder.rfind('/') + 1), "VBA") &&
           !base::equals_ignoring_case(name, "dir") &&
           !base::equals_ignoring_case(name, "_VBA_PROJECT") && !name.starts_with("__SRP_");
}

} // namespace watchpost::unpack
