// An image in colour, and the way out of here for one that people are to see: smaller, as a PNG
// that we wrote ourselves. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "images/limits.h"

namespace watchpost::images {

/// Row by row from the top, four octets a pixel: red, green, blue, alpha.
struct ColourImage {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<std::uint8_t> rgba;

    ColourImage() = default;
    /// White.
    ColourImage(std::size_t columns, std::size_t rows)
        : width{columns}
        , height{rows}
        , rgba(columns * rows * 4, 255)
    {
    }

    void put(std::size_t x, std::size_t y, unsigned red, unsigned green, unsigned blue)
    {
        std::uint8_t* const pixel = &rgba[(y * width + x) * 4];
        pixel[0] = static_cast<std::uint8_t>(red);
        pixel[1] = static_cast<std::uint8_t>(green);
        pixel[2] = static_cast<std::uint8_t>(blue);
        pixel[3] = 255;
    }
};

/// What came of one image file: its picture, of an animation the first frame.
struct ColourReading {
    ColourImage image;    // empty where nothing could be drawn
    std::string_view gap; // "limit_image_pixels", "unreadable_image"; empty: read
    std::string detail;
};

/// PNG, JPEG, GIF, BMP and WebP by their first octets; a gap for anything else. A large JPEG may
/// come out smaller.
[[nodiscard]] ColourReading read_colour(base::ByteView bytes, const Limits& limits);

/// No side longer than `side_max`, in the same proportions; means of the pixels.
[[nodiscard]] ColourImage within(ColourImage image, std::size_t side_max);

[[nodiscard]] base::Result<base::Bytes> to_png(const ColourImage& image);

} // namespace watchpost::images
