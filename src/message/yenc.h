// Files in yEnc inside a text. The format is that of yenc.org's draft 1.3; no RFC has it.
// Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace watchpost::message {

struct YencFile {
    std::string name;        // UTF-8; hostile
    std::size_t begin = 0;   // of the "=ybegin" line
    std::size_t end = 0;     // after the "=yend" line, or where the file breaks off
    base::Bytes bytes;       // decoded, whatever sizes and checksums say
    std::string damage;      // what is wrong with it; empty: nothing
    std::uint64_t part = 0;  // of a file in several pieces; 0: it is whole
    std::uint64_t parts = 0; // that the file says it has; 0: it does not say
};

/// In order, at most `files_max`.
[[nodiscard]] std::vector<YencFile> find_yencoded(base::ByteView text, std::size_t files_max);

} // namespace watchpost::message
