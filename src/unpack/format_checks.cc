#include "unpack/format_checks.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

#include <zlib.h>

#include "unpack/little_endian.h"

namespace watchpost::unpack {

using base::ByteView;
using namespace std::string_view_literals;

namespace {

std::optional<std::uint32_t> tar_checksum(ByteView header)
{
    std::uint32_t sum = 0;
    bool any_digit = false;
    for (const char c : base::as_text(base::slice(header, 148, 8))) {
        if (c >= '0' && c <= '7') {
            sum = sum * 8 + static_cast<std::uint32_t>(c - '0');
            any_digit = true;
        } else if (c != ' ' && c != '\0') {
            return std::nullopt;
        } else if (any_digit) {
            break;
        }
    }
    return any_digit ? std::optional{sum} : std::nullopt;
}

} // namespace

bool is_gzip(ByteView bytes)
{
    return has_at(bytes, 0, "\x1F\x8B\x08"sv) && (u8_at(bytes, 3) & 0xE0U) == 0; // RFC 1952 §2.3.1
}

bool is_bzip2(ByteView bytes)
{
    return has_at(bytes, 0, "BZh"sv) && u8_at(bytes, 3) >= '1' && u8_at(bytes, 3) <= '9' &&
           (has_at(bytes, 4, "1AY&SY"sv) || has_at(bytes, 4, "\x17rE8P\x90"sv));
}

/// Behind its two octets: how wide codes grow, 9 to 16 bits, and two bits that are not used.
bool is_compress(ByteView bytes)
{
    const unsigned code_bits = u8_at(bytes, 2) & 0x1FU;
    return has_at(bytes, 0, "\x1F\x9D"sv) && (u8_at(bytes, 2) & 0x60U) == 0 && code_bits >= 9 &&
           code_bits <= 16;
}

/// The bare format has no magic: properties, a dictionary size as encoders write it, a size that is
/// unknown or below 2^38, and the zero that every range coder begins with.
bool is_lzma(ByteView bytes)
{
    const std::uint32_t dictionary = u32_at(bytes, 1);
    const std::uint64_t size = u64_at(bytes, 5);
    const bool usual_dictionary = dictionary >= 4096 &&
                                  (std::has_single_bit(dictionary) || dictionary % 3 == 0) &&
                                  (std::popcount(dictionary) <= 2);
    return bytes.size() > 18 && u8_at(bytes, 0) < 9 * 5 * 5 && usual_dictionary &&
           (size == ~std::uint64_t{0} || size < (std::uint64_t{1} << 38U)) && u8_at(bytes, 13) == 0;
}

/// Frames that a decoder must skip may stand first: zstd and lz4 share their magic.
bool is_zstd_behind_skippable_frame(ByteView bytes)
{
    if ((u32_at(bytes, 0) & 0xFFFFFFF0U) != 0x184D2A50U) {
        return false;
    }
    return has_at(bytes, std::size_t{8} + u32_at(bytes, 4), "\x28\xB5\x2F\xFD"sv);
}

bool is_lha(ByteView bytes)
{
    const bool method =
        has_at(bytes, 2, "-lh"sv) || has_at(bytes, 2, "-lz"sv) || has_at(bytes, 2, "-pm"sv);
    return method && u8_at(bytes, 6) == '-' && u8_at(bytes, 20) <= 3;
}

/// A header of digits, octal or hexadecimal; a text may begin with the first six by chance.
bool is_text_cpio(ByteView bytes)
{
    const bool is_octal = has_at(bytes, 0, "070707"sv);
    if (!is_octal && !has_at(bytes, 0, "070701"sv) && !has_at(bytes, 0, "070702"sv)) {
        return false;
    }
    const auto header = base::as_text(base::slice(bytes, 0, is_octal ? 76 : 110));
    const auto digits = is_octal ? "01234567"sv : "0123456789ABCDEFabcdef"sv;
    return header.size() >= 76 && header.find_first_not_of(digits) == header.npos;
}

bool is_binary_cpio(ByteView bytes)
{
    const bool little = u16_at(bytes, 0) == 0x71C7;
    if (!little && u16_at(bytes, 0) != 0xC771) {
        return false;
    }
    const std::size_t name_bytes =
        little ? u16_at(bytes, 20) : std::size_t{u8_at(bytes, 20)} << 8U | u8_at(bytes, 21);
    const auto name = base::as_text(base::slice(bytes, 26, name_bytes));
    return name.size() >= 2 && name_bytes <= 4096 && name.find('\0') == name.size() - 1;
}

bool is_arj(ByteView bytes)
{
    const std::size_t header_bytes = u16_at(bytes, 2);
    return u16_at(bytes, 0) == 0xEA60 && header_bytes >= 30 && header_bytes <= 2600 &&
           u8_at(bytes, 4) >= 30 && u8_at(bytes, 4) <= header_bytes && u8_at(bytes, 10) == 2;
}

/// Tars from before POSIX have no magic, only their checksum, which some tools made of signed
/// octets.
bool is_tar(ByteView bytes)
{
    constexpr std::size_t header_bytes = 512;
    const auto header = base::slice(bytes, 0, header_bytes);
    const auto expected = tar_checksum(header);
    if (header.size() < header_bytes || !expected) {
        return false;
    }
    std::int64_t as_unsigned = 0;
    std::int64_t as_signed = 0;
    for (std::size_t i = 0; i < header_bytes; ++i) {
        const std::uint8_t octet = i >= 148 && i < 156 ? std::uint8_t{' '} : u8_at(header, i);
        as_unsigned += octet;
        as_signed += static_cast<std::int8_t>(octet);
    }
    return as_unsigned == *expected || as_signed == *expected;
}

bool is_vhd(ByteView bytes)
{
    return bytes.size() >= 512 && has_at(bytes, bytes.size() - 512, "conectix"sv);
}

bool is_dmg(ByteView bytes)
{
    return bytes.size() >= 512 && has_at(bytes, bytes.size() - 512, "koly\x00\x00\x00\x04"sv);
}

/// The superblock stands at 1,024: magic number, state and version fit.
bool is_ext(ByteView bytes)
{
    constexpr std::size_t superblock = 1'024;
    return u16_at(bytes, superblock + 56) == 0xEF53 && u16_at(bytes, superblock + 58) <= 7 &&
           u32_at(bytes, superblock + 76) <= 1 && u32_at(bytes, superblock + 24) <= 6;
}

/// Readers take a header anywhere in the first kilobyte. A text that only speaks of it has no
/// objects; one that quotes a little has no end of the file.
bool is_pdf(ByteView bytes)
{
    const auto text = base::as_text(bytes);
    const auto header = text.substr(0, 1024).find("%PDF-"sv);
    if (header == text.npos || text.find("obj"sv, header) == text.npos) {
        return false;
    }
    return header == 0 || text.find("%%EOF"sv, header) != text.npos ||
           text.find("startxref"sv, header) != text.npos;
}

bool is_7z_header(ByteView bytes)
{
    const auto fields = base::slice(bytes, 12, 20);
    const auto sum =
        crc32(0, reinterpret_cast<const Bytef*>(fields.data()), static_cast<uInt>(fields.size()));
    return fields.size() == 20 && sum == u32_at(bytes, 8);
}

bool is_rar_header(ByteView bytes)
{
    return u8_at(bytes, 9) == 0x73; // the main header follows the marker
}

bool is_rar5_header(ByteView bytes)
{
    return bytes.size() > 16 && u8_at(bytes, 12) != 0; // a block size follows the checksum
}

bool is_cab_header(ByteView bytes)
{
    return u8_at(bytes, 25) == 1 && u8_at(bytes, 24) == 3 && u32_at(bytes, 12) == 0 &&
           u32_at(bytes, 8) > 36 && u32_at(bytes, 8) <= bytes.size();
}

} // namespace watchpost::unpack
