// Named limits of the search for codes in images, for one message.
#pragma once

#include <cstddef>
#include <cstdint>

#include "images/limits.h"

namespace watchpost::barcodes {

/// Of one image: those of images::Limits.
struct Limits : images::Limits {
    std::uint64_t total_pixels_max = 200'000'000; // of all images and frames of the message
    std::size_t finder_patterns_max = 100;        // that may be the corners of codes, in one image
    std::size_t codes_max = 100;                  // of the message
};

} // namespace watchpost::barcodes
