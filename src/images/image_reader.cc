#include "images/image_reader.h"

#include <algorithm>
#include <utility>

namespace watchpost::images {

Readers find_readers(base::ByteView bytes)
{
    const auto text = base::as_text(bytes);
    const auto is_webp = [&] {
        return text.size() > 12 && text.starts_with("RIFF") && text.substr(8, 4) == "WEBP";
    };
    if (text.starts_with("\x89PNG\r\n\x1a\n")) {
        return {read_png, read_png_colour};
    }
    if (text.starts_with("\xff\xd8\xff")) {
        return {read_jpeg, read_jpeg_colour};
    }
    if (text.starts_with("GIF87a") || text.starts_with("GIF89a")) {
        return {read_gif, read_gif_colour};
    }
    if (is_webp()) {
        return {read_webp, read_webp_colour};
    }
    return is_bmp(bytes) ? Readers{read_bmp, read_bmp_colour} : Readers{};
}

Refusal unreadable(std::string detail)
{
    return {"unreadable_image", std::move(detail)};
}

bool is_size_allowed(std::uint64_t width, std::uint64_t height, const Limits& limits)
{
    return width > 0 && height > 0 && width <= limits.image_pixels_max / height;
}

Refusal refuse_size(std::uint64_t width, std::uint64_t height)
{
    if (width == 0 || height == 0) {
        return unreadable("it has no pixels");
    }
    return {"limit_image_pixels", std::to_string(width) + " by " + std::to_string(height)};
}

namespace {

GreyImage on_background(const std::vector<std::uint8_t>& grey_alpha, std::size_t width,
                        std::size_t height, std::uint8_t background)
{
    GreyImage image{width, height, background};
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        image.pixels[i] = over(grey_alpha[2 * i], grey_alpha[2 * i + 1], background);
    }
    return image;
}

} // namespace

std::vector<GreyImage> composited(const std::vector<std::uint8_t>& grey_alpha, std::size_t width,
                                  std::size_t height)
{
    bool is_opaque = true;
    for (std::size_t i = 1; i < grey_alpha.size(); i += 2) {
        is_opaque = is_opaque && grey_alpha[i] == 255;
    }
    std::vector<GreyImage> images;
    images.push_back(on_background(grey_alpha, width, height, 255));
    if (!is_opaque) {
        images.push_back(on_background(grey_alpha, width, height, 0));
    }
    return images;
}

} // namespace watchpost::images
