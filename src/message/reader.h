// Builds the tree of parts in one forward pass over the buffer.
//
// Strict reading: what RFC 2046 says, and where it says nothing what most readers do. Depth is
// bounded by Limits::depth_max, so recursion is, too. A further reading of the same bytes departs
// from it at named points (departure.h, docs/adr/0016). Not thread-safe.
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
    ReadState(const Limits& l, Departures d) : limits{l}, departures{d}, defects{l.defects_max} {}

    Limits limits;
    Departures departures;
    DefectList defects;
    std::list<base::Bytes> buffers; // decoded embedded messages; their places never move
    std::size_t decoded_bytes = 0;
    std::size_t part_count = 0;
};

/// Reads a whole message from `buffer`, which outlives `root`. `depth` is that of the root.
void read_message(std::string_view buffer, Part& root, std::size_t depth, ReadState& state);

} // namespace watchpost::message
