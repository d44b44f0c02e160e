#include "barcodes/tests/code_maker.h"

#include <gif_lib.h>
#include <png.h>
#include <qrencode.h>
#include <turbojpeg.h>
#include <webp/encode.h>

#include <memory>
#include <stdexcept>

namespace watchpost::barcodes::test {

namespace {

constexpr std::uint8_t light = 255;

void require(bool holds, const char* what)
{
    if (!holds) {
        throw std::runtime_error{what};
    }
}

std::string write_png(const std::vector<std::uint8_t>& pixels, const images::GreyImage& image,
                      png_uint_32 format)
{
    png_image png{};
    png.version = PNG_IMAGE_VERSION;
    png.width = static_cast<png_uint_32>(image.width);
    png.height = static_cast<png_uint_32>(image.height);
    png.format = format;
    png_alloc_size_t size = 0;
    require(png_image_write_to_memory(&png, nullptr, &size, 0, pixels.data(), 0, nullptr) != 0,
            "png size");
    std::string file(size, '\0');
    require(png_image_write_to_memory(&png, file.data(), &size, 0, pixels.data(), 0, nullptr) != 0,
            "png");
    file.resize(size);
    return file;
}

std::string write_jpeg(const std::vector<unsigned char>& pixels, const images::GreyImage& image,
                       int format, int subsampling, int quality)
{
    tjhandle handle = tjInitCompress();
    unsigned char* to = nullptr;
    unsigned long size = 0;
    const int result =
        tjCompress2(handle, pixels.data(), static_cast<int>(image.width), 0,
                    static_cast<int>(image.height), format, &to, &size, subsampling, quality, 0);
    std::string file{reinterpret_cast<const char*>(to), size};
    tjFree(to);
    tjDestroy(handle);
    require(result == 0, "jpeg");
    return file;
}

int append(GifFileType* file, const GifByteType* from, int size)
{
    static_cast<std::string*>(file->UserData)
        ->append(reinterpret_cast<const char*>(from), static_cast<std::size_t>(size));
    return size;
}

void put_frame(GifFileType* gif, const images::GreyImage& frame, Lines lines)
{
    const auto width = static_cast<int>(frame.width);
    const auto height = static_cast<int>(frame.height);
    require(EGifPutImageDesc(gif, 0, 0, width, height, lines == Lines::interlaced, nullptr) ==
                GIF_OK,
            "gif frame");
    struct Pass {
        std::size_t first;
        std::size_t step;
    };
    const std::vector<Pass> passes = lines == Lines::interlaced
                                         ? std::vector<Pass>{{0, 8}, {4, 8}, {2, 4}, {1, 2}}
                                         : std::vector<Pass>{{0, 1}};
    for (const auto& [first, step] : passes) {
        for (std::size_t y = first; y < frame.height; y += step) {
            std::vector<GifPixelType> line(frame.width);
            for (std::size_t x = 0; x < frame.width; ++x) {
                line[x] = frame.at(x, y) >= 128 ? 1 : 0;
            }
            require(EGifPutLine(gif, line.data(), width) == GIF_OK, "gif line");
        }
    }
}

std::string number(std::uint64_t value, unsigned octets)
{
    std::string text;
    for (unsigned i = 0; i < octets; ++i) {
        text += static_cast<char>(value >> (8 * i) & 255U);
    }
    return text;
}

std::string bmp_row(const images::GreyImage& image, std::size_t y, unsigned bits)
{
    std::string row;
    unsigned octet = 0;
    for (std::size_t x = 0; x < image.width; ++x) {
        const std::uint8_t shade = image.at(x, y);
        if (bits == 1) {
            octet = octet << 1U | (shade >= 128 ? 1U : 0U);
            if (x % 8 == 7 || x + 1 == image.width) {
                row += static_cast<char>(octet << (7 - x % 8) & 255U);
                octet = 0;
            }
        } else {
            row += std::string(bits / 8, static_cast<char>(shade));
        }
    }
    row.resize((row.size() + 3) / 4 * 4, '\0');
    return row;
}

} // namespace

images::GreyImage draw_code(std::string_view text, std::size_t quiet)
{
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code{
        QRcode_encodeString(std::string{text}.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), QRcode_free};
    require(code != nullptr, "qr code");
    const auto side = static_cast<std::size_t>(code->width);
    images::GreyImage image{side + 2 * quiet, side + 2 * quiet, light};
    for (std::size_t y = 0; y < side; ++y) {
        for (std::size_t x = 0; x < side; ++x) {
            if ((code->data[y * side + x] & 1U) != 0) {
                image.at(quiet + x, quiet + y) = 0;
            }
        }
    }
    return image;
}

images::GreyImage draw_code_at(std::string_view text, std::size_t factor)
{
    return enlarged(draw_code(text), factor);
}

images::GreyImage inverted(images::GreyImage image)
{
    for (std::uint8_t& pixel : image.pixels) {
        pixel = static_cast<std::uint8_t>(255 - pixel);
    }
    return image;
}

images::GreyImage columns(const images::GreyImage& image, std::size_t from, std::size_t to)
{
    images::GreyImage piece{to - from, image.height, 0};
    for (std::size_t y = 0; y < piece.height; ++y) {
        for (std::size_t x = 0; x < piece.width; ++x) {
            piece.at(x, y) = image.at(from + x, y);
        }
    }
    return piece;
}

images::GreyImage rows(const images::GreyImage& image, std::size_t from, std::size_t to)
{
    images::GreyImage piece{image.width, to - from, 0};
    for (std::size_t y = 0; y < piece.height; ++y) {
        for (std::size_t x = 0; x < piece.width; ++x) {
            piece.at(x, y) = image.at(x, from + y);
        }
    }
    return piece;
}

std::string to_png(const images::GreyImage& image)
{
    return write_png(image.pixels, image, PNG_FORMAT_GRAY);
}

std::string to_transparent_png(const images::GreyImage& image, Kept kept)
{
    std::vector<std::uint8_t> pixels;
    for (const std::uint8_t shade : image.pixels) {
        pixels.push_back(kept == Kept::dark ? 0 : light);
        pixels.push_back((shade == 0) == (kept == Kept::dark) ? 255 : 0);
    }
    return write_png(pixels, image, PNG_FORMAT_GA);
}

std::string to_jpeg(const images::GreyImage& image, int quality)
{
    return write_jpeg(image.pixels, image, TJPF_GRAY, TJSAMP_GRAY, quality);
}

std::string to_cmyk_jpeg(const images::GreyImage& image)
{
    std::vector<unsigned char> pixels;
    for (const std::uint8_t shade : image.pixels) {
        pixels.insert(pixels.end(), 3, 255);
        pixels.push_back(shade);
    }
    return write_jpeg(pixels, image, TJPF_CMYK, TJSAMP_444, 85);
}

std::string to_gif(const std::vector<images::GreyImage>& frames, Lines lines)
{
    std::string file;
    int error = 0;
    GifFileType* const gif = EGifOpen(&file, append, &error);
    require(gif != nullptr, "gif");
    const std::vector<GifColorType> shades{{0, 0, 0}, {255, 255, 255}};
    ColorMapObject* const map = GifMakeMapObject(2, shades.data());
    require(EGifPutScreenDesc(gif, static_cast<int>(frames[0].width),
                              static_cast<int>(frames[0].height), 1, 0, map) == GIF_OK,
            "gif screen");
    for (const images::GreyImage& frame : frames) {
        put_frame(gif, frame, lines);
    }
    GifFreeMapObject(map);
    require(EGifCloseFile(gif, &error) == GIF_OK, "gif end");
    return file;
}

std::string to_webp(const images::GreyImage& image)
{
    std::vector<std::uint8_t> rgb;
    for (const std::uint8_t shade : image.pixels) {
        rgb.insert(rgb.end(), 3, shade);
    }
    std::uint8_t* to = nullptr;
    const auto size = WebPEncodeLosslessRGB(rgb.data(), static_cast<int>(image.width),
                                            static_cast<int>(image.height),
                                            static_cast<int>(image.width) * 3, &to);
    std::string file{reinterpret_cast<const char*>(to), size};
    WebPFree(to);
    require(size > 0, "webp");
    return file;
}

std::string to_bmp(const images::GreyImage& image, unsigned bits)
{
    std::string palette;
    const unsigned shades = bits == 1 ? 2 : bits == 8 ? 256 : 0;
    for (unsigned i = 0; i < shades; ++i) {
        const auto shade = static_cast<char>(i * 255 / (shades - 1));
        palette += std::string{shade, shade, shade, '\0'};
    }
    std::string pixels;
    for (std::size_t y = image.height; y > 0; --y) {
        pixels += bmp_row(image, y - 1, bits);
    }
    const std::size_t pixels_at = 14 + 40 + palette.size();
    return "BM" + number(pixels_at + pixels.size(), 4) + number(0, 4) + number(pixels_at, 4) +
           number(40, 4) + number(image.width, 4) + number(image.height, 4) + number(1, 2) +
           number(bits, 2) + std::string(24, '\0') + palette + pixels;
}

std::string to_half_blocks(const images::GreyImage& image)
{
    std::string text;
    for (std::size_t y = 0; y < image.height; y += 2) {
        for (std::size_t x = 0; x < image.width; ++x) {
            const bool upper = image.at(x, y) == 0;
            const bool lower = y + 1 < image.height && image.at(x, y + 1) == 0;
            text += upper && lower ? "\u2588" : upper ? "\u2580" : lower ? "\u2584" : " ";
        }
        text += '\n';
    }
    return text;
}

std::string to_lines(const images::GreyImage& image, std::string_view dark,
                     std::string_view light_mark)
{
    std::string text;
    for (std::size_t y = 0; y < image.height; ++y) {
        for (std::size_t x = 0; x < image.width; ++x) {
            text += image.at(x, y) == 0 ? dark : light_mark;
        }
        text += '\n';
    }
    return text;
}

} // namespace watchpost::barcodes::test
