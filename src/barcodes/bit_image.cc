#include "barcodes/bit_image.h"

#include <algorithm>
#include <array>

namespace watchpost::barcodes {

namespace {

constexpr std::uint8_t dark = 0;
constexpr std::uint8_t light = 255;

/// The shade that parts the image best into two groups: N. Otsu, 1979.
unsigned otsu_threshold(const images::GreyImage& image)
{
    std::array<double, 256> counts{};
    for (const std::uint8_t pixel : image.pixels) {
        counts[pixel] += 1;
    }
    const auto all = static_cast<double>(image.pixels.size());
    double sum = 0;
    for (std::size_t shade = 0; shade < counts.size(); ++shade) {
        sum += static_cast<double>(shade) * counts[shade];
    }
    double dark_count = 0;
    double dark_sum = 0;
    double best = -1;
    unsigned threshold = 127;
    for (std::size_t shade = 0; shade < counts.size(); ++shade) {
        dark_count += counts[shade];
        dark_sum += static_cast<double>(shade) * counts[shade];
        if (dark_count == 0 || dark_count == all) {
            continue;
        }
        const double distance = dark_sum / dark_count - (sum - dark_sum) / (all - dark_count);
        const double parted = dark_count * (all - dark_count) * distance * distance;
        if (parted > best) {
            best = parted;
            threshold = static_cast<unsigned>(shade);
        }
    }
    return threshold;
}

BitImage blank(const images::GreyImage& image)
{
    return {image.width, image.height, std::vector<std::uint8_t>(image.pixels.size(), light)};
}

/// Sums of all pixels above and left, with a row and a column of zeros in front.
std::vector<std::uint32_t> integral_of(const images::GreyImage& image)
{
    const std::size_t stride = image.width + 1;
    std::vector<std::uint32_t> sums(stride * (image.height + 1), 0);
    for (std::size_t y = 0; y < image.height; ++y) {
        std::uint32_t row = 0;
        for (std::size_t x = 0; x < image.width; ++x) {
            row += image.at(x, y);
            sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
        }
    }
    return sums;
}

} // namespace

BitImage by_one_threshold(const images::GreyImage& image)
{
    BitImage bits = blank(image);
    const unsigned threshold = otsu_threshold(image);
    std::ranges::transform(image.pixels, bits.pixels.begin(),
                           [&](std::uint8_t pixel) { return pixel <= threshold ? dark : light; });
    return bits;
}

BitImage by_surroundings(const images::GreyImage& image)
{
    constexpr std::uint64_t percent = 92; // of the mean, and darker, is dark
    BitImage bits = blank(image);
    const auto sums = integral_of(image);
    const std::size_t stride = image.width + 1;
    const std::size_t reach = std::max<std::size_t>(std::min(image.width, image.height) / 8, 8);
    for (std::size_t y = 0; y < image.height; ++y) {
        const std::size_t top = y - std::min(y, reach);
        const std::size_t bottom = std::min(y + reach + 1, image.height);
        for (std::size_t x = 0; x < image.width; ++x) {
            const std::size_t left = x - std::min(x, reach);
            const std::size_t right = std::min(x + reach + 1, image.width);
            const std::uint64_t sum = sums[bottom * stride + right] - sums[top * stride + right] -
                                      sums[bottom * stride + left] + sums[top * stride + left];
            const std::uint64_t area = (right - left) * (bottom - top);
            if (image.at(x, y) * area * 100 <= sum * percent) {
                bits.pixels[y * image.width + x] = dark;
            }
        }
    }
    return bits;
}

void invert(BitImage& image)
{
    for (std::uint8_t& pixel : image.pixels) {
        pixel = pixel == dark ? light : dark;
    }
}

} // namespace watchpost::barcodes
