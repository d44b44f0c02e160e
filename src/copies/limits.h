// What is read of a copy's own words, at most. Reaching one is a defect "limit_journal_…".
#pragma once

#include <cstddef>

namespace watchpost::copies {

struct Limits {
    std::size_t report_bytes_max = std::size_t{2} << 20U; // of a journal report's text
    std::size_t recipients_max = 5'000;                   // of a journal report
    std::size_t addresses_max = 500;                      // of a field of the message as it arrived
    std::size_t other_lines_max = 20;                     // of a report: kept to be shown
    std::size_t other_line_bytes_max = 500;
    std::size_t other_parts_max = 100; // further attached messages that are named
    std::size_t field_bytes_max = std::size_t{64} << 10U;
};

} // namespace watchpost::copies
