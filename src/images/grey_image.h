// An image in grey, and what is done with it before codes are looked for in it. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace watchpost::images {

/// Row by row from the top, an octet a pixel: 0 is black.
struct GreyImage {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<std::uint8_t> pixels;

    GreyImage() = default;
    GreyImage(std::size_t columns, std::size_t rows, std::uint8_t shade)
        : width{columns}
        , height{rows}
        , pixels(columns * rows, shade)
    {
    }

    void put(std::size_t x, std::size_t y, unsigned red, unsigned green, unsigned blue);
    [[nodiscard]] std::uint8_t& at(std::size_t x, std::size_t y) { return pixels[y * width + x]; }
    [[nodiscard]] std::uint8_t at(std::size_t x, std::size_t y) const
    {
        return pixels[y * width + x];
    }
};

/// Of red, green and blue, as an eye weighs them.
[[nodiscard]] constexpr std::uint8_t to_grey(unsigned red, unsigned green, unsigned blue) noexcept
{
    return static_cast<std::uint8_t>((299 * red + 587 * green + 114 * blue) / 1000);
}

inline void GreyImage::put(std::size_t x, std::size_t y, unsigned red, unsigned green,
                           unsigned blue)
{
    at(x, y) = to_grey(red, green, blue);
}

/// A pixel of `grey` over `background`; `alpha` 0 is transparent.
[[nodiscard]] constexpr std::uint8_t over(unsigned grey, unsigned alpha,
                                          unsigned background) noexcept
{
    return static_cast<std::uint8_t>((grey * alpha + background * (255U - alpha)) / 255U);
}

/// Each `factor` by `factor` pixels become their mean; edges that do not fill one are left out.
[[nodiscard]] GreyImage reduced(const GreyImage& image, std::size_t factor);

/// Each pixel becomes `factor` by `factor`.
[[nodiscard]] GreyImage enlarged(const GreyImage& image, std::size_t factor);

/// The right one beside the left one, which has the same height.
[[nodiscard]] GreyImage beside(const GreyImage& left, const GreyImage& right);

/// The lower one below the upper one, which has the same width.
[[nodiscard]] GreyImage below(const GreyImage& upper, const GreyImage& lower);

} // namespace watchpost::images
