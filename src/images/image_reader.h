// PNG, JPEG, GIF, BMP and WebP to grey images; colour_image.h has them in colour.
//
// By Debian's libpng, libjpeg-turbo, giflib and libwebp; BMP by own code. A format is known by its
// bytes. Pixels are counted before memory is asked for them. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "images/colour_image.h"
#include "images/grey_image.h"
#include "images/limits.h"

namespace watchpost::images {

/// What came of one image file. Where it has transparent pixels, it is drawn on white and on black.
struct ImageReading {
    std::vector<GreyImage> images; // the frames of an animation as they are seen, one after another
    std::string_view gap;          // "limit_image_pixels", "unreadable_image"; empty: read
    std::string detail;
};

using FormatReader = ImageReading (*)(base::ByteView bytes, const Limits& limits);
using ColourReader = ColourReading (*)(base::ByteView bytes, const Limits& limits);

struct Readers {
    FormatReader grey = nullptr;
    ColourReader colour = nullptr;
};

/// Those of the format, null for what is no image that we read.
[[nodiscard]] Readers find_readers(base::ByteView bytes);

ImageReading read_png(base::ByteView bytes, const Limits& limits);
ColourReading read_png_colour(base::ByteView bytes, const Limits& limits);
ImageReading read_jpeg(base::ByteView bytes, const Limits& limits);
ColourReading read_jpeg_colour(base::ByteView bytes, const Limits& limits);
ImageReading read_gif(base::ByteView bytes, const Limits& limits);
ColourReading read_gif_colour(base::ByteView bytes, const Limits& limits);
ImageReading read_bmp(base::ByteView bytes, const Limits& limits);
ColourReading read_bmp_colour(base::ByteView bytes, const Limits& limits);
ImageReading read_webp(base::ByteView bytes, const Limits& limits);
ColourReading read_webp_colour(base::ByteView bytes, const Limits& limits);

/// "BM" with a header of a size that is known: two letters alone may begin any text.
[[nodiscard]] bool is_bmp(base::ByteView bytes);

/// Why nothing is drawn.
struct Refusal {
    std::string_view gap;
    std::string detail;

    operator ImageReading() && { return {{}, gap, std::move(detail)}; }  // NOLINT(*-explicit-*)
    operator ColourReading() && { return {{}, gap, std::move(detail)}; } // NOLINT(*-explicit-*)
};

[[nodiscard]] Refusal unreadable(std::string detail);

/// A gap where the header announces too much, or nothing.
[[nodiscard]] Refusal refuse_size(std::uint64_t width, std::uint64_t height);
[[nodiscard]] bool is_size_allowed(std::uint64_t width, std::uint64_t height, const Limits& limits);

/// Grey and alpha, two octets a pixel: on white, and on black, too, where alpha says so.
[[nodiscard]] std::vector<GreyImage> composited(const std::vector<std::uint8_t>& grey_alpha,
                                                std::size_t width, std::size_t height);

} // namespace watchpost::images
