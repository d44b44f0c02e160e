// Named limits of the search for codes in images, for one message.
#pragma once

#include <cstddef>
#include <cstdint>

namespace watchpost::barcodes {

struct Limits {
    std::uint64_t image_pixels_max = 40'000'000;  // of one image, as its header has them
    std::uint64_t total_pixels_max = 200'000'000; // of all images and frames of the message
    std::uint64_t scanned_pixels_max = 4'000'000; // an image with more is made smaller first
    std::size_t frames_max = 8;                   // of one animation
    std::size_t finder_patterns_max = 100;        // that may be the corners of codes, in one image
    std::size_t codes_max = 100;                  // of the message
};

} // namespace watchpost::barcodes
