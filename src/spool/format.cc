#include "spool/format.h"

#include <algorithm>
#include <cstdio>

#include "spool/codec.h"
#include "spool/crc32c.h"

namespace watchpost::spool {

using base::ErrorCode;
using base::Retry;

namespace {

constexpr std::string_view file_magic = "WPSPOOL\n";
constexpr std::size_t file_crc_at = file_header_bytes - 4;
constexpr std::size_t record_crc_at = record_header_bytes - 4;
constexpr std::string_view segment_suffix = ".seg";
constexpr std::string_view large_suffix = ".eml";
constexpr std::size_t sequence_digits = 16;

std::uint32_t record_crc(base::ByteView header, const RecordPlace& place)
{
    base::Bytes octets;
    octets.reserve(file_header_bytes);
    Encoder encoder{octets};
    encoder.number(place.sequence);
    encoder.number(place.offset);
    return crc32c(crc32c(0, header.first(record_crc_at)), octets);
}

bool is_kind(std::uint32_t number) noexcept
{
    return number >= static_cast<std::uint32_t>(RecordKind::message) &&
           number <= static_cast<std::uint32_t>(RecordKind::end);
}

} // namespace

FileHeaderOctets encode(const FileHeader& header)
{
    base::Bytes octets;
    octets.reserve(file_header_bytes);
    Encoder encoder{octets};
    encoder.octets(base::as_bytes(file_magic));
    encoder.number(format_version);
    encoder.number(static_cast<std::uint32_t>(header.kind));
    encoder.number(header.mark);
    encoder.number(header.sequence);
    encoder.number(header.epoch);
    encoder.number(header.previous);
    encoder.number(header.previous_end);
    encoder.number(std::uint32_t{0}); // reserved
    encoder.number(crc32c(0, octets));
    FileHeaderOctets result{};
    std::copy(octets.begin(), octets.end(), result.begin());
    return result;
}

base::Result<FileHeader> parse_file_header(base::ByteView bytes)
{
    if (bytes.size() < file_header_bytes) {
        return base::fail(ErrorCode::damaged, Retry::never, "the file header is cut off");
    }
    Decoder decoder{bytes.first(file_header_bytes)};
    const bool is_ours = base::as_text(decoder.octets(file_magic.size())) == file_magic;
    const auto version = decoder.number<std::uint32_t>();
    FileHeader header;
    header.kind = static_cast<FileKind>(decoder.number<std::uint32_t>());
    header.mark = decoder.number<std::uint64_t>();
    header.sequence = decoder.number<std::uint64_t>();
    header.epoch = decoder.number<std::uint64_t>();
    header.previous = decoder.number<std::uint64_t>();
    header.previous_end = decoder.number<std::uint64_t>();
    static_cast<void>(decoder.number<std::uint32_t>()); // reserved
    if (!is_ours || decoder.number<std::uint32_t>() != crc32c(0, bytes.first(file_crc_at))) {
        return base::fail(ErrorCode::damaged, Retry::never, "the file header is damaged");
    }
    if (version != format_version) {
        return base::fail(ErrorCode::unsupported, Retry::never,
                          "the spool's format has version " + std::to_string(version) +
                              ", this program reads version " + std::to_string(format_version) +
                              ": use the program that wrote it");
    }
    return header;
}

RecordHeaderOctets encode(const RecordHeader& header, const RecordPlace& place)
{
    base::Bytes octets;
    octets.reserve(file_header_bytes);
    Encoder encoder{octets};
    encoder.number(place.mark);
    encoder.number(static_cast<std::uint32_t>(header.kind));
    encoder.number(header.meta_bytes);
    encoder.number(header.body_bytes);
    encoder.number(header.meta_crc);
    encoder.number(header.body_crc);
    encoder.number(record_crc(octets, place));
    RecordHeaderOctets result{};
    std::copy(octets.begin(), octets.end(), result.begin());
    return result;
}

std::optional<RecordHeader> parse_record_header(base::ByteView bytes, const RecordPlace& place)
{
    if (bytes.size() < record_header_bytes) {
        return std::nullopt;
    }
    Decoder decoder{bytes.first(record_header_bytes)};
    const auto mark = decoder.number<std::uint64_t>();
    const auto kind = decoder.number<std::uint32_t>();
    RecordHeader header;
    header.meta_bytes = decoder.number<std::uint32_t>();
    header.body_bytes = decoder.number<std::uint32_t>();
    header.meta_crc = decoder.number<std::uint32_t>();
    header.body_crc = decoder.number<std::uint32_t>();
    if (mark != place.mark || decoder.number<std::uint32_t>() != record_crc(bytes, place) ||
        !is_kind(kind)) {
        return std::nullopt;
    }
    header.kind = static_cast<RecordKind>(kind);
    const bool fits =
        header.meta_bytes <= meta_bytes_max &&
        (header.kind == RecordKind::gap || header.body_bytes <= Incoming::buffered_bytes_max);
    return fits ? std::optional{header} : std::nullopt;
}

std::array<std::byte, mark_bytes> mark_octets(std::uint64_t mark)
{
    std::array<std::byte, mark_bytes> octets{};
    for (std::size_t i = 0; i < mark_bytes; ++i) {
        octets.at(i) = static_cast<std::byte>(mark >> (8U * i));
    }
    return octets;
}

std::string segment_name(std::uint64_t sequence)
{
    std::array<char, sequence_digits + 1> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx",
                  static_cast<unsigned long long>(sequence));
    return std::string{segments_folder} + "/" + digits.data() + std::string{segment_suffix};
}

std::string large_name(const SpoolId& id)
{
    return std::string{large_folder} + "/" + id.to_string() + std::string{large_suffix};
}

std::optional<std::uint64_t> parse_segment_file(std::string_view file)
{
    const auto octets = base::parse_hex(file.substr(0, sequence_digits));
    if (!octets || octets->size() != sequence_digits / 2) {
        return std::nullopt;
    }
    std::uint64_t sequence = 0;
    for (const std::byte octet : *octets) {
        sequence = sequence << 8U | std::to_integer<std::uint64_t>(octet);
    }
    const std::string expected = segment_name(sequence);
    return expected.substr(segments_folder.size() + 1) == file && sequence > 0
               ? std::optional{sequence}
               : std::nullopt;
}

std::optional<SpoolId> parse_large_file(std::string_view file)
{
    if (!file.ends_with(large_suffix)) {
        return std::nullopt;
    }
    const auto id = SpoolId::parse(file.substr(0, file.size() - large_suffix.size()));
    return id && large_name(*id).substr(large_folder.size() + 1) == file ? id : std::nullopt;
}

} // namespace watchpost::spool
