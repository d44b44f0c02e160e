// OLE compound files for tests; and the raw pieces, to write ones that lie.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace watchpost::unpack::test {

struct OleFile {
    std::string path; // storages joined by "/", ASCII
    std::string content;
};

/// Streams below 4,096 octets go to the mini stream, as Office does it.
[[nodiscard]] std::string make_ole(const std::vector<OleFile>& files);

struct OleEntry {
    std::string name;
    std::uint8_t kind = 2; // 1 storage, 2 stream, 5 root
    std::uint32_t left = 0xFFFFFFFF;
    std::uint32_t right = 0xFFFFFFFF;
    std::uint32_t child = 0xFFFFFFFF;
    std::uint32_t first_sector = 0xFFFFFFFE;
    std::uint32_t size = 0;
};

/// A file of this directory and nothing else, after its header and allocation table. The first
/// entry is the root.
[[nodiscard]] std::string make_ole_directory(const std::vector<OleEntry>& entries);

} // namespace watchpost::unpack::test
