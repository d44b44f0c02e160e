// Texts that draw a picture with the block characters of Unicode, as images. Private to barcodes/.
//
// A character is a cell twice as high as wide, as a terminal and a <pre> show it; full-width ones
// take two. Each picture is drawn a second time with square cells, for fonts of that kind.
// Thread-safe.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "images/grey_image.h"

namespace watchpost::barcodes {

inline constexpr std::size_t text_columns_max = 400; // of a line; the rest is not drawn
inline constexpr std::size_t text_lines_max = 400;   // of a picture; then the next one begins
inline constexpr std::size_t text_pictures_max = 20;

/// `text` is UTF-8. Runs of lines with many block characters; "##" in lines of nothing else count,
/// too.
[[nodiscard]] std::vector<images::GreyImage> draw_block_text(std::string_view text);

} // namespace watchpost::barcodes
