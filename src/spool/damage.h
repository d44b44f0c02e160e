// How damage in a spool is named, and how hard one looks for it.
#pragma once

#include <cstdint>
#include <string>

namespace watchpost::spool {

/// A range of a file that cannot be read, or a file that should be there.
struct DamagedRange {
    std::string file; // "segments/0000000000000003.seg"
    std::uint64_t offset = 0;
    std::uint64_t octets = 0;
    std::string what; // in words
};

enum class Verify : std::uint8_t {
    records, // that each record is whole; content only where a crash may have torn it
    content  // every octet: checksums of segments, SHA-256 of large messages
};

} // namespace watchpost::spool
