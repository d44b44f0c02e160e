// The tables of an HTML source as grids of shades: a code can be drawn with cells of two colours.
//
// Looks at the tags alone, without a tree: <table>, <tr>, <td> and <th> with their bgcolor, the
// background of their style, and colspan. Thread-safe.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "images/grey_image.h"

namespace watchpost::barcodes {

inline constexpr std::size_t grid_side_min = 21;  // modules of the smallest code
inline constexpr std::size_t grid_side_max = 400; // columns and rows; more are left out
inline constexpr std::size_t grids_max = 20;      // of one document

/// Tables with at least 21 rows of at least 21 cells, and dark and light ones among them. A cell
/// without a colour has that of its row, else it is white.
[[nodiscard]] std::vector<images::GreyImage> read_cell_grids(std::string_view html);

} // namespace watchpost::barcodes
