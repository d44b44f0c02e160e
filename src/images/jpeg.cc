// JPEG by libjpeg-turbo; one that is larger than is looked at comes out smaller at once.
#include <turbojpeg.h>

#include <memory>
#include <span>

#include "images/image_reader.h"

namespace watchpost::images {

namespace {

struct DestroyDecompressor {
    void operator()(void* handle) const noexcept { tjDestroy(handle); }
};

std::size_t scaled(int size, tjscalingfactor factor)
{
    return static_cast<std::size_t>(TJSCALED(size, factor));
}

/// The largest that keeps the image within what is looked at; the smallest where none does.
tjscalingfactor choose_scale(int width, int height, const Limits& limits)
{
    for (const int denominator : {1, 2, 4}) {
        const tjscalingfactor factor{1, denominator};
        if (scaled(width, factor) * scaled(height, factor) <= limits.scanned_pixels_max) {
            return factor;
        }
    }
    return {1, 8};
}

/// Inverted, as Adobe writes it, or not: codes are looked for in both.
template <typename Image>
void draw_cmyk(const std::vector<unsigned char>& cmyk, Image& image)
{
    for (std::size_t i = 0; i < image.width * image.height; ++i) {
        const auto ink = std::span{cmyk}.subspan(4 * i, 4);
        const auto lit = [&](std::size_t colour) { return ink[colour] * ink[3] / 255U; };
        image.put(i % image.width, i / image.width, lit(0), lit(1), lit(2));
    }
}

/// Damage is a warning of the library: what came before it is drawn.
bool is_drawn(void* handle, int result)
{
    return result == 0 || tjGetErrorCode(handle) == TJERR_WARNING;
}

/// Decoded to `format`, or to CMYK where it is in that.
struct Pixels {
    std::vector<unsigned char> octets; // none where nothing is drawn
    std::size_t width = 0;
    std::size_t height = 0;
    bool is_cmyk = false;
    Refusal refusal;
};

Pixels read_pixels(base::ByteView bytes, const Limits& limits, TJPF format)
{
    const std::unique_ptr<void, DestroyDecompressor> jpeg{tjInitDecompress()};
    if (jpeg == nullptr) {
        return {{}, 0, 0, false, unreadable("out of memory")};
    }
    const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
    int width = 0;
    int height = 0;
    int subsampling = 0;
    int colours = 0;
    const int header = tjDecompressHeader3(jpeg.get(), data, bytes.size(), &width, &height,
                                           &subsampling, &colours);
    if (!is_drawn(jpeg.get(), header) || width <= 0 || height <= 0) {
        return {{}, 0, 0, false, unreadable(tjGetErrorStr2(jpeg.get()))};
    }
    const auto columns_told = static_cast<std::uint64_t>(width);
    const auto rows_told = static_cast<std::uint64_t>(height);
    if (!is_size_allowed(columns_told, rows_told, limits)) {
        return {{}, 0, 0, false, refuse_size(columns_told, rows_told)};
    }
    const auto scale = choose_scale(width, height, limits);
    const bool is_cmyk = colours == TJCS_CMYK || colours == TJCS_YCCK;
    const TJPF wanted = is_cmyk ? TJPF_CMYK : format;
    Pixels pixels{{}, scaled(width, scale), scaled(height, scale), is_cmyk, {}};
    pixels.octets.assign(
        pixels.width * pixels.height * static_cast<std::size_t>(tjPixelSize[wanted]), 255);
    const int result = tjDecompress2(jpeg.get(), data, bytes.size(), pixels.octets.data(),
                                     static_cast<int>(pixels.width), 0,
                                     static_cast<int>(pixels.height), wanted, TJFLAG_LIMITSCANS);
    if (!is_drawn(jpeg.get(), result)) {
        return {{}, 0, 0, false, unreadable(tjGetErrorStr2(jpeg.get()))};
    }
    return pixels;
}

} // namespace

ImageReading read_jpeg(base::ByteView bytes, const Limits& limits)
{
    auto pixels = read_pixels(bytes, limits, TJPF_GRAY);
    if (pixels.octets.empty()) {
        return std::move(pixels.refusal);
    }
    ImageReading reading;
    auto& image = reading.images.emplace_back();
    if (pixels.is_cmyk) {
        image = GreyImage{pixels.width, pixels.height, 0};
        draw_cmyk(pixels.octets, image);
    } else {
        image.width = pixels.width;
        image.height = pixels.height;
        image.pixels = std::move(pixels.octets);
    }
    return reading;
}

ColourReading read_jpeg_colour(base::ByteView bytes, const Limits& limits)
{
    auto pixels = read_pixels(bytes, limits, TJPF_RGBA);
    if (pixels.octets.empty()) {
        return std::move(pixels.refusal);
    }
    ColourReading reading;
    if (pixels.is_cmyk) {
        reading.image = ColourImage{pixels.width, pixels.height};
        draw_cmyk(pixels.octets, reading.image);
    } else {
        reading.image.width = pixels.width;
        reading.image.height = pixels.height;
        reading.image.rgba = std::move(pixels.octets);
    }
    return reading;
}

} // namespace watchpost::images
