// An image of dark and light, as codes are looked for in it. Private to barcodes/. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "images/grey_image.h"

namespace watchpost::barcodes {

/// Row by row; 0 is dark, 255 is light.
struct BitImage {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<std::uint8_t> pixels;

    [[nodiscard]] bool is_dark(std::size_t x, std::size_t y) const
    {
        return pixels[y * width + x] == 0;
    }
};

/// One threshold for all, by Otsu: right for drawn images and even light.
[[nodiscard]] BitImage by_one_threshold(const images::GreyImage& image);

/// Darker than its surroundings, by Bradley and Roth: right for photographs with shadows.
[[nodiscard]] BitImage by_surroundings(const images::GreyImage& image);

/// Dark and light in place of each other.
void invert(BitImage& image);

} // namespace watchpost::barcodes
