// How many patterns of an image may be the corners of QR codes: ISO/IEC 18004 §6.3.3.
//
// Counted before zxing sees the image, since zxing looks at every three of them: without three
// there is no code, and ten thousand would hold it for hours. Counts generously, so that zxing
// finds no more than this does. Private to barcodes/. Thread-safe.
#pragma once

#include <cstddef>

#include "barcodes/bit_image.h"

namespace watchpost::barcodes {

/// Stops counting behind `count_max`.
[[nodiscard]] std::size_t count_finder_patterns(const BitImage& image, std::size_t count_max);

} // namespace watchpost::barcodes
