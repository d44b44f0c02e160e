#include "images/grey_image.h"

#include <algorithm>

namespace watchpost::images {

namespace {

std::uint8_t mean(const GreyImage& image, std::size_t left, std::size_t top, std::size_t side)
{
    std::size_t sum = 0;
    for (std::size_t y = top; y < top + side; ++y) {
        for (std::size_t x = left; x < left + side; ++x) {
            sum += image.at(x, y);
        }
    }
    return static_cast<std::uint8_t>(sum / (side * side));
}

void copy_into(GreyImage& whole, std::size_t left, std::size_t top, const GreyImage& piece)
{
    for (std::size_t y = 0; y < piece.height; ++y) {
        for (std::size_t x = 0; x < piece.width; ++x) {
            whole.at(left + x, top + y) = piece.at(x, y);
        }
    }
}

} // namespace

GreyImage reduced(const GreyImage& image, std::size_t factor)
{
    GreyImage small{image.width / factor, image.height / factor, 0};
    for (std::size_t y = 0; y < small.height; ++y) {
        for (std::size_t x = 0; x < small.width; ++x) {
            small.at(x, y) = mean(image, x * factor, y * factor, factor);
        }
    }
    return small;
}

GreyImage enlarged(const GreyImage& image, std::size_t factor)
{
    GreyImage large{image.width * factor, image.height * factor, 0};
    for (std::size_t y = 0; y < large.height; ++y) {
        for (std::size_t x = 0; x < large.width; ++x) {
            large.at(x, y) = image.at(x / factor, y / factor);
        }
    }
    return large;
}

GreyImage beside(const GreyImage& left, const GreyImage& right)
{
    GreyImage whole{left.width + right.width, left.height, 0};
    copy_into(whole, 0, 0, left);
    copy_into(whole, left.width, 0, right);
    return whole;
}

GreyImage below(const GreyImage& upper, const GreyImage& lower)
{
    GreyImage whole{upper.width, upper.height + lower.height, 0};
    copy_into(whole, 0, 0, upper);
    copy_into(whole, 0, upper.height, lower);
    return whole;
}

} // namespace watchpost::images
