// QR codes drawn for the tests by libqrencode, and image files by the libraries that write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "images/grey_image.h"

namespace watchpost::barcodes::test {

/// A code with `quiet` light modules around it, a pixel a module.
[[nodiscard]] images::GreyImage draw_code(std::string_view text, std::size_t quiet = 4);

/// `factor` pixels a module.
[[nodiscard]] images::GreyImage draw_code_at(std::string_view text, std::size_t factor);

[[nodiscard]] images::GreyImage inverted(images::GreyImage image);

/// Columns `from` to `to`, without `to`.
[[nodiscard]] images::GreyImage columns(const images::GreyImage& image, std::size_t from,
                                        std::size_t to);
[[nodiscard]] images::GreyImage rows(const images::GreyImage& image, std::size_t from,
                                     std::size_t to);

[[nodiscard]] std::string to_png(const images::GreyImage& image);
/// Black where the image is dark, transparent elsewhere; or white where it is light.
enum class Kept { dark, light };
[[nodiscard]] std::string to_transparent_png(const images::GreyImage& image, Kept kept);
[[nodiscard]] std::string to_jpeg(const images::GreyImage& image, int quality = 85);
[[nodiscard]] std::string to_cmyk_jpeg(const images::GreyImage& image);
enum class Lines { in_order, interlaced };
[[nodiscard]] std::string to_gif(const std::vector<images::GreyImage>& frames,
                                 Lines lines = Lines::in_order);
[[nodiscard]] std::string to_webp(const images::GreyImage& image);
/// 1, 8 or 24 bits a pixel.
[[nodiscard]] std::string to_bmp(const images::GreyImage& image, unsigned bits);

/// Lines of "▀", "▄", "█" and blanks.
[[nodiscard]] std::string to_half_blocks(const images::GreyImage& image);
/// `dark` and `light` for each module.
[[nodiscard]] std::string to_lines(const images::GreyImage& image, std::string_view dark,
                                   std::string_view light);

} // namespace watchpost::barcodes::test
