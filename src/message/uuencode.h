// Uuencoded files: as a transfer encoding and as blocks inside a text. POSIX uuencode; no RFC has
// it. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace watchpost::message {

struct UuBlock {
    std::string name;        // of the begin line, UTF-8; hostile
    std::size_t begin = 0;   // of the begin line in the text
    std::size_t end = 0;     // after the "end" line, or where the block breaks off
    base::Bytes bytes;       // decoded
    bool is_damaged = false; // a bad line or no "end"
};

/// The files inside a text, in order, at most `blocks_max`. A begin line counts only where a
/// well-formed line follows: "begin 2 weeks early" is prose.
[[nodiscard]] std::vector<UuBlock> find_uuencoded(base::ByteView text, std::size_t blocks_max);

} // namespace watchpost::message
