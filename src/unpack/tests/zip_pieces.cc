#include "unpack/tests/zip_pieces.h"

#include <utility>

#include "unpack/tests/zip_maker.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;

/// What both headers share, from "version needed" on.
std::string common(const ZipRecord& record)
{
    return little_endian(20, 2) + little_endian(record.flags, 2) + little_endian(record.method, 2) +
           little_endian(0, 4) + little_endian(record.crc, 4) + little_endian(record.packed, 4) +
           little_endian(record.unpacked, 4) + little_endian(record.name.size(), 2) +
           little_endian(record.extra.size(), 2);
}

} // namespace

ZipRecord stored_record(std::string name, std::string content)
{
    const auto size = static_cast<std::uint32_t>(content.size());
    const auto crc = crc_of(content);
    return {std::move(name), std::move(content), 0, 0, crc, size, size};
}

ZipRecord deflated_record(std::string name, const std::string& content)
{
    auto data = deflated(content);
    const auto packed = static_cast<std::uint32_t>(data.size());
    const auto size = static_cast<std::uint32_t>(content.size());
    return {std::move(name), std::move(data), 8, 0, crc_of(content), packed, size};
}

std::string local_header(const ZipRecord& record)
{
    return "PK\x03\x04"s + common(record) + record.name + record.extra;
}

std::string local_member(const ZipRecord& record)
{
    return local_header(record) + record.data;
}

std::string data_descriptor(const ZipRecord& record)
{
    return "PK\x07\x08"s + little_endian(record.crc, 4) + little_endian(record.packed, 4) +
           little_endian(record.unpacked, 4);
}

std::string central_header(const ZipRecord& record, std::size_t local_offset)
{
    return "PK\x01\x02"s + little_endian(record.made_by, 2) + common(record) +
           little_endian(record.comment.size(), 2) + little_endian(0, 4) +
           little_endian(record.attributes, 4) + little_endian(local_offset, 4) + record.name +
           record.extra + record.comment;
}

std::string end_record(const ZipEnd& end, int comment_bytes)
{
    const auto size = comment_bytes < 0 ? static_cast<int>(end.comment.size()) : comment_bytes;
    return "PK\x05\x06"s + little_endian(0, 4) + little_endian(end.count, 2) +
           little_endian(end.count, 2) + little_endian(end.directory_bytes, 4) +
           little_endian(end.directory_offset, 4) +
           little_endian(static_cast<std::uint64_t>(size), 2) + end.comment;
}

std::string zip64_end_record(const ZipEnd& end)
{
    return "PK\x06\x06"s + little_endian(44, 8) + little_endian(45, 2) + little_endian(45, 2) +
           little_endian(0, 8) + little_endian(end.count, 8) + little_endian(end.count, 8) +
           little_endian(end.directory_bytes, 8) + little_endian(end.directory_offset, 8);
}

std::string zip64_locator(std::size_t record_offset)
{
    return "PK\x06\x07"s + little_endian(0, 4) + little_endian(record_offset, 8) +
           little_endian(1, 4);
}

std::string unicode_path_field(std::string_view raw_name, std::string_view name, char version)
{
    const auto value =
        std::string{version} + little_endian(crc_of(raw_name), 4) + std::string{name};
    return "\x75\x70"s + little_endian(value.size(), 2) + value;
}

std::string zip64_field(std::uint64_t unpacked, std::uint64_t packed)
{
    return "\x01\0"s + little_endian(16, 2) + little_endian(unpacked, 8) + little_endian(packed, 8);
}

} // namespace watchpost::unpack::test
