// Named limits of what is read of one image file.
#pragma once

#include <cstddef>
#include <cstdint>

namespace watchpost::images {

struct Limits {
    std::uint64_t image_pixels_max = 40'000'000;  // as its header has them
    std::uint64_t scanned_pixels_max = 4'000'000; // an image with more is made smaller first
    std::size_t frames_max = 8;                   // of one animation
};

} // namespace watchpost::images
