// Zips for tests that no honest program would write: every field can lie. Members are stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::unpack::test {

// NOLINTBEGIN(readability-redundant-member-init): g++ warns where an aggregate's last members are
// left out in a test and have no initialiser.
struct ZipPart {
    std::string name;
    std::string content;
    bool is_listed = true;                       // stands in the directory
    std::optional<std::string> listed_name = {}; // another than in the local header
    std::optional<std::uint32_t> size = {};      // that both headers claim
    std::uint16_t method = 0;                    // of both; the content is what is packed
    std::optional<std::uint32_t> unpacked = {};  // size of what it unpacks to
    std::optional<std::uint32_t> crc = {};
    std::uint16_t flags = 0;
    std::string extra = {};
};

struct ZipPlan {
    std::vector<ZipPart> parts;
    std::string before = {}; // octets in front of everything, which the offsets do not count
    std::string comment = {};
    std::size_t listed_copies = 1; // how often the directory lists each part: overlapping members
};
// NOLINTEND(readability-redundant-member-init)

[[nodiscard]] std::string make_planned_zip(const ZipPlan& plan);
[[nodiscard]] std::string make_zip(const std::vector<ZipPart>& parts);

/// Raw deflate.
[[nodiscard]] std::string deflated(std::string_view content);
[[nodiscard]] std::uint32_t crc_of(std::string_view content);

[[nodiscard]] std::string little_endian(std::uint64_t value, std::size_t octets);

} // namespace watchpost::unpack::test
