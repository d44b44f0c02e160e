// Builds the tree of parts in one forward pass over the buffer.
//
// Strict reading: what RFC 2046 says, and where it says nothing what most readers do. Depth is
// bounded by Limits::depth_max, so recursion is, too. Further readings of the same bytes become
// further readers over the same parts; see docs/adr/0005. Not thread-safe.
#pragma once

#include <list>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "message/boundary.h"
#include "message/defect_log.h"
#include "message/limits.h"
#include "message/message.h"

namespace watchpost::message {

/// What all readers of one message share; the Message keeps it.
struct ReadState {
    explicit ReadState(const Limits& l) : limits{l}, defects{l.defects_max} {}

    Limits limits;
    DefectList defects;
    std::list<base::Bytes> buffers; // decoded embedded messages; their places never move
    std::size_t decoded_bytes = 0;
    std::size_t part_count = 0;
};

/// Reads a whole message from `buffer`, which outlives `root`. `depth` is that of the root.
void read_message(std::string_view buffer, Part& root, std::size_t depth, ReadState& state);

} // namespace watchpost::message
