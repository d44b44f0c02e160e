// The records of a zip one by one, so that a test can put them together as no program would. Every
// field is what the test says. PKWARE APPNOTE 4.3.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace watchpost::unpack::test {

/// What a local or a central header says, and the data of the member. The sizes and checksum are
/// those of the content until a test changes them.
struct ZipRecord {
    std::string name;
    std::string data; // as it stands in the archive
    std::uint16_t method = 0;
    std::uint16_t flags = 0;
    std::uint32_t crc = 0;
    std::uint32_t packed = 0;
    std::uint32_t unpacked = 0;
    std::string extra = {};   // NOLINT(readability-redundant-member-init): g++
    std::string comment = {}; // NOLINT(readability-redundant-member-init): g++
    std::uint16_t made_by = 20;
    std::uint32_t attributes = 0;
};

[[nodiscard]] ZipRecord stored_record(std::string name, std::string content);
[[nodiscard]] ZipRecord deflated_record(std::string name, const std::string& content);

[[nodiscard]] std::string local_header(const ZipRecord& record);
/// Header and data.
[[nodiscard]] std::string local_member(const ZipRecord& record);
[[nodiscard]] std::string data_descriptor(const ZipRecord& record);
[[nodiscard]] std::string central_header(const ZipRecord& record, std::size_t local_offset);

struct ZipEnd {
    std::uint64_t count = 0;
    std::uint64_t directory_bytes = 0;
    std::uint64_t directory_offset = 0;
    std::string comment = {}; // NOLINT(readability-redundant-member-init): g++
};

/// `comment_bytes` is what it claims; less than 0: the comment's own.
[[nodiscard]] std::string end_record(const ZipEnd& end, int comment_bytes = -1);
[[nodiscard]] std::string zip64_end_record(const ZipEnd& end);
[[nodiscard]] std::string zip64_locator(std::size_t record_offset);

/// 0x7075, 0x0001.
[[nodiscard]] std::string unicode_path_field(std::string_view raw_name, std::string_view name,
                                             char version = 1);
[[nodiscard]] std::string zip64_field(std::uint64_t unpacked, std::uint64_t packed);

} // namespace watchpost::unpack::test
