// A table of a page in docs/, which is a test's expectation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watchpost::test {

using PageRow = std::vector<std::string>; // the cells, without blanks and backticks around them

/// The rows between "<!-- MARKER: begin -->" and "<!-- MARKER: end -->" of docs/`page`, without the
/// heading. Each has `columns` cells; one that is short is filled up with empty ones.
[[nodiscard]] std::vector<PageRow> read_page_table(std::string_view page, std::string_view marker,
                                                   std::size_t columns);

} // namespace watchpost::test
