#include "images/colour_image.h"

#include <gtest/gtest.h>

namespace watchpost::images {
namespace {

/// Red above blue, the lower half half transparent.
ColourImage two_colours(std::size_t side)
{
    ColourImage image{side, side};
    for (std::size_t y = 0; y < side; ++y) {
        for (std::size_t x = 0; x < side; ++x) {
            image.put(x, y, y < side / 2 ? 200 : 0, 10, y < side / 2 ? 0 : 250);
            if (y >= side / 2) {
                image.rgba[(y * side + x) * 4 + 3] = 128;
            }
        }
    }
    return image;
}

std::vector<int> pixel(const ColourImage& image, std::size_t x, std::size_t y)
{
    const auto at = static_cast<std::ptrdiff_t>((y * image.width + x) * 4);
    return {image.rgba.begin() + at, image.rgba.begin() + at + 4};
}

TEST(ColourImage, APngHasItsColoursAndItsTransparency)
{
    const auto file = to_png(two_colours(4)).value();
    const auto reading = read_colour(file, {});
    EXPECT_EQ(reading.gap, "");
    EXPECT_EQ(pixel(reading.image, 0, 0), (std::vector<int>{200, 10, 0, 255}));
    EXPECT_EQ(pixel(reading.image, 3, 3), (std::vector<int>{0, 10, 250, 128}));
}

TEST(ColourImage, ALargeOneIsMadeOfMeansAndKeepsItsProportions)
{
    const auto small = within(two_colours(100), 10);
    EXPECT_EQ(small.width, 10U);
    EXPECT_EQ(small.height, 10U);
    EXPECT_EQ(pixel(small, 5, 0), (std::vector<int>{200, 10, 0, 255}));
    EXPECT_EQ(pixel(small, 5, 9), (std::vector<int>{0, 10, 250, 128}));
    const auto thin = within(ColourImage{5'000, 1}, 10);
    EXPECT_EQ(thin.width, 10U);
    EXPECT_EQ(thin.height, 1U);
    EXPECT_EQ(within(two_colours(4), 10).width, 4U);
}

TEST(ColourImage, ABitmapHasItsColours)
{
    std::string file{"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0\0\1\0\x18\0", 30};
    file.resize(54, '\0');
    file += "\x01\x02\x03"; // blue, green, red
    const auto reading = read_colour(base::as_bytes(file), {});
    ASSERT_EQ(reading.gap, "");
    EXPECT_EQ(pixel(reading.image, 0, 0), (std::vector<int>{3, 2, 1, 255}));
}

TEST(ColourImage, MorePixelsThanTheLimitAreAGap)
{
    Limits limits;
    limits.image_pixels_max = 15;
    const auto file = to_png(two_colours(4)).value();
    EXPECT_EQ(read_colour(file, limits).gap, "limit_image_pixels");
    EXPECT_TRUE(read_colour(file, limits).image.rgba.empty());
}

TEST(ColourImage, StopsCleanlyAtEveryOffset)
{
    const auto file = to_png(two_colours(16)).value();
    for (std::size_t end = 0; end < file.size(); ++end) {
        SCOPED_TRACE(end);
        const auto reading = read_colour(base::ByteView{file}.first(end), {});
        EXPECT_EQ(reading.image.rgba.size(), reading.image.width * reading.image.height * 4);
        EXPECT_TRUE(reading.gap == "unreadable_image" || end + 12 >= file.size());
    }
}

TEST(ColourImage, WhatIsNoImageSaysSo)
{
    EXPECT_EQ(read_colour(base::as_bytes("<svg/>"), {}).gap, "unreadable_image");
}

} // namespace
} // namespace watchpost::images
