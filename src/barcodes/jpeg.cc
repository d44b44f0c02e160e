// JPEG by libjpeg-turbo; one that is larger than is looked at comes out smaller at once.
#include <turbojpeg.h>

#include <memory>
#include <span>

#include "barcodes/image_reader.h"

namespace watchpost::barcodes {

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
GreyImage from_cmyk(const std::vector<unsigned char>& cmyk, std::size_t width, std::size_t height)
{
    GreyImage image{width, height, 0};
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        const auto ink = std::span{cmyk}.subspan(4 * i, 4);
        const auto lit = [&](std::size_t colour) { return ink[colour] * ink[3] / 255U; };
        image.pixels[i] = to_grey(lit(0), lit(1), lit(2));
    }
    return image;
}

/// Damage is a warning of the library: what came before it is drawn.
bool is_drawn(void* handle, int result)
{
    return result == 0 || tjGetErrorCode(handle) == TJERR_WARNING;
}

} // namespace

ImageReading read_jpeg(base::ByteView bytes, const Limits& limits)
{
    const std::unique_ptr<void, DestroyDecompressor> jpeg{tjInitDecompress()};
    if (jpeg == nullptr) {
        return unreadable("out of memory");
    }
    const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
    int width = 0;
    int height = 0;
    int subsampling = 0;
    int colours = 0;
    const int header = tjDecompressHeader3(jpeg.get(), data, bytes.size(), &width, &height,
                                           &subsampling, &colours);
    if (!is_drawn(jpeg.get(), header) || width <= 0 || height <= 0) {
        return unreadable(tjGetErrorStr2(jpeg.get()));
    }
    if (!is_size_allowed(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height),
                         limits)) {
        return refuse_size(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height));
    }
    const auto scale = choose_scale(width, height, limits);
    const std::size_t columns = scaled(width, scale);
    const std::size_t rows = scaled(height, scale);
    const bool is_cmyk = colours == TJCS_CMYK || colours == TJCS_YCCK;
    std::vector<unsigned char> pixels(columns * rows * (is_cmyk ? 4U : 1U), 255);
    const int result =
        tjDecompress2(jpeg.get(), data, bytes.size(), pixels.data(), static_cast<int>(columns), 0,
                      static_cast<int>(rows), is_cmyk ? TJPF_CMYK : TJPF_GRAY, TJFLAG_LIMITSCANS);
    if (!is_drawn(jpeg.get(), result)) {
        return unreadable(tjGetErrorStr2(jpeg.get()));
    }
    ImageReading reading;
    if (is_cmyk) {
        reading.images.push_back(from_cmyk(pixels, columns, rows));
    } else {
        GreyImage image;
        image.width = columns;
        image.height = rows;
        image.pixels = std::move(pixels);
        reading.images.push_back(std::move(image));
    }
    return reading;
}

} // namespace watchpost::barcodes
