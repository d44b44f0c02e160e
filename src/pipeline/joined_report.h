// What came of the message that pieces make together, told with the piece that completed it.
// Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "inspect/report.h"

namespace watchpost::pipeline {

/// Adds the report on the joined message to that of the piece: its paths begin with "joined!"
/// ("joined 2!" for the second way to join it), the finding "structure.joined_message" names the
/// messages, and the piece counts as a message whose rest was not inspected no longer.
void attach_joined(inspect::Report& own, inspect::Report joined,
                   const std::vector<std::string>& messages, std::size_t way);

/// Says in the gap "partial_message" of the message itself what is there and what is not.
void tell_pieces(inspect::Report& own, const std::string& what);

} // namespace watchpost::pipeline
