#include "images/colour_image.h"

#include <algorithm>
#include <array>

#include "images/image_reader.h"

namespace watchpost::images {

namespace {

/// Where the pixel of the small image begins in the large one.
std::size_t begin_of(std::size_t at, std::size_t small, std::size_t large)
{
    return at * large / small;
}

/// The mean of a rectangle, each pixel counting by its alpha.
void put_mean(const ColourImage& from, ColourImage& to, std::size_t x, std::size_t y)
{
    std::array<std::uint64_t, 4> sum{};
    std::uint64_t count = 0;
    const auto bottom =
        std::max(begin_of(y + 1, to.height, from.height), begin_of(y, to.height, from.height) + 1);
    const auto right =
        std::max(begin_of(x + 1, to.width, from.width), begin_of(x, to.width, from.width) + 1);
    for (std::size_t row = begin_of(y, to.height, from.height); row < bottom; ++row) {
        for (std::size_t column = begin_of(x, to.width, from.width); column < right; ++column) {
            const std::size_t at = (row * from.width + column) * 4;
            const std::uint64_t alpha = from.rgba[at + 3];
            for (std::size_t i = 0; i < 3; ++i) {
                sum.at(i) += from.rgba[at + i] * alpha;
            }
            sum[3] += alpha;
            ++count;
        }
    }
    const std::size_t at = (y * to.width + x) * 4;
    for (std::size_t i = 0; i < 3; ++i) {
        to.rgba[at + i] = static_cast<std::uint8_t>(sum[3] == 0 ? 255 : sum.at(i) / sum[3]);
    }
    to.rgba[at + 3] = static_cast<std::uint8_t>(sum[3] / count);
}

} // namespace

ColourReading read_colour(base::ByteView bytes, const Limits& limits)
{
    const auto read = find_readers(bytes).colour;
    if (read == nullptr) {
        return unreadable("no PNG, JPEG, GIF, BMP or WebP");
    }
    return read(bytes, limits);
}

ColourImage within(ColourImage image, std::size_t side_max)
{
    const std::size_t side = std::max(image.width, image.height);
    if (side <= side_max) {
        return image;
    }
    ColourImage small{std::max<std::size_t>(image.width * side_max / side, 1),
                      std::max<std::size_t>(image.height * side_max / side, 1)};
    for (std::size_t y = 0; y < small.height; ++y) {
        for (std::size_t x = 0; x < small.width; ++x) {
            put_mean(image, small, x, y);
        }
    }
    return small;
}

} // namespace watchpost::images
