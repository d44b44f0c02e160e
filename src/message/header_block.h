// The header of one part: fields as views into the buffer, and where the content begins.
//
// Lines end with CR LF or LF; a bare CR ends none. Tolerates what mail in the field holds and notes
// each as a defect. A delimiter line of an open multipart ends the header, too. Not thread-safe.
// RFC 5322 §2.2.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "message/boundary.h"
#include "message/defect_log.h"
#include "message/limits.h"
#include "message/message.h"

namespace watchpost::message {

struct HeaderBlock {
    std::vector<HeaderField> fields;
    std::size_t end = 0;           // of the header's last line
    std::size_t content_begin = 0; // after the empty line, or `end` where there is none
};

/// Reads from `begin`, which must be the start of a line. Offsets of defects count from `begin`.
[[nodiscard]] HeaderBlock read_header(std::string_view buffer, std::size_t begin,
                                      const BoundaryStack& boundaries, const Limits& limits,
                                      DefectLog& defects, Departures departures = {});

} // namespace watchpost::message
