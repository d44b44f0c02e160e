// PNG by libpng's simplified interface, which needs no jumps out of it.
#include <png.h>

#include <utility>

#include "images/image_reader.h"

namespace watchpost::images {

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

/// Its pixels in that format, with so many octets each; none where nothing is drawn.
struct Pixels {
    std::vector<std::uint8_t> octets;
    std::size_t width = 0;
    std::size_t height = 0;
    std::string_view gap;
    std::string detail;
};

Pixels refused(Refusal refusal)
{
    return {{}, 0, 0, refusal.gap, std::move(refusal.detail)};
}

Pixels read_pixels(base::ByteView bytes, const Limits& limits, png_uint_32 format,
                   std::size_t octets)
{
    PngImage png;
    if (png_image_begin_read_from_memory(&png.image, bytes.data(), bytes.size()) == 0) {
        return refused(unreadable(png.image.message));
    }
    const std::size_t width = png.image.width;
    const std::size_t height = png.image.height;
    if (!is_size_allowed(width, height, limits)) {
        return refused(refuse_size(width, height));
    }
    png.image.format = format;
    Pixels pixels{std::vector<std::uint8_t>(width * height * octets, 255), width, height, "", ""};
    if (png_image_finish_read(&png.image, nullptr, pixels.octets.data(), 0, nullptr) == 0) {
        // Programs show the rows that came before the damage.
        pixels.gap = "unreadable_image";
        pixels.detail = png.image.message;
    }
    return pixels;
}

} // namespace

ImageReading read_png(base::ByteView bytes, const Limits& limits)
{
    auto pixels = read_pixels(bytes, limits, PNG_FORMAT_GA, 2);
    if (pixels.octets.empty()) {
        return {{}, pixels.gap, std::move(pixels.detail)};
    }
    return {composited(pixels.octets, pixels.width, pixels.height), pixels.gap,
            std::move(pixels.detail)};
}

ColourReading read_png_colour(base::ByteView bytes, const Limits& limits)
{
    auto pixels = read_pixels(bytes, limits, PNG_FORMAT_RGBA, 4);
    ColourReading reading{{}, pixels.gap, std::move(pixels.detail)};
    reading.image.width = pixels.width;
    reading.image.height = pixels.height;
    reading.image.rgba = std::move(pixels.octets);
    return reading;
}

base::Result<base::Bytes> to_png(const ColourImage& image)
{
    PngImage png;
    png.image.width = static_cast<png_uint_32>(image.width);
    png.image.height = static_cast<png_uint_32>(image.height);
    png.image.format = PNG_FORMAT_RGBA;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png.image);
    base::Bytes file(size);
    if (png_image_write_to_memory(&png.image, file.data(), &size, 0, image.rgba.data(), 0,
                                  nullptr) == 0) {
        return base::fail(base::ErrorCode::internal, base::Retry::never,
                          std::string{"cannot write a PNG: "} + png.image.message);
    }
    file.resize(size);
    return file;
}

} // namespace watchpost::images
