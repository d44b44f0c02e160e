// PNG by libpng's simplified interface, which needs no jumps out of it.
#include <png.h>

#include "barcodes/image_reader.h"

namespace watchpost::barcodes {

namespace {

/// Frees what libpng holds, however the reading ends.
class PngImage {
public:
    PngImage() { image.version = PNG_IMAGE_VERSION; }
    ~PngImage() { png_image_free(&image); }
    PngImage(const PngImage&) = delete;
    PngImage& operator=(const PngImage&) = delete;

    png_image image{};
};

} // namespace

ImageReading read_png(base::ByteView bytes, const Limits& limits)
{
    PngImage png;
    if (png_image_begin_read_from_memory(&png.image, bytes.data(), bytes.size()) == 0) {
        return unreadable(png.image.message);
    }
    const std::size_t width = png.image.width;
    const std::size_t height = png.image.height;
    if (!is_size_allowed(width, height, limits)) {
        return refuse_size(width, height);
    }
    png.image.format = PNG_FORMAT_GA;
    std::vector<std::uint8_t> grey_alpha(width * height * 2, 255);
    const bool is_whole =
        png_image_finish_read(&png.image, nullptr, grey_alpha.data(), 0, nullptr) != 0;
    ImageReading reading{composited(grey_alpha, width, height), "", ""};
    if (!is_whole) { // programs show the rows that came before the damage
        reading.gap = "unreadable_image";
        reading.detail = png.image.message;
    }
    return reading;
}

} // namespace watchpost::barcodes
