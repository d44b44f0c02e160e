// Windows bitmaps without compression: 1, 4, 8, 16, 24 and 32 bits a pixel.
#include <array>
#include <optional>

#include "images/image_reader.h"

namespace watchpost::images {

namespace {

constexpr std::size_t file_header_bytes = 14;
constexpr std::size_t core_header_bytes = 12; // of OS/2: sizes of 16 bits, palette of 3 octets

/// Little-endian numbers; 0 behind the end.
class Octets {
public:
    explicit Octets(base::ByteView bytes) : bytes_{bytes} {}

    [[nodiscard]] std::uint32_t octet(std::size_t at) const
    {
        return at < bytes_.size() ? std::to_integer<std::uint32_t>(bytes_[at]) : 0;
    }
    [[nodiscard]] std::uint32_t u16(std::size_t at) const
    {
        return octet(at) | octet(at + 1) << 8U;
    }
    [[nodiscard]] std::uint32_t u32(std::size_t at) const { return u16(at) | u16(at + 2) << 16U; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

private:
    base::ByteView bytes_;
};

struct Header {
    std::size_t width = 0;
    std::size_t height = 0;
    std::size_t bits = 0;
    std::size_t palette_at = 0;
    std::size_t palette_entry_bytes = 4;
    std::size_t pixels_at = 0;
    std::uint32_t compression = 0;
    bool is_top_down = false;
};

Header read_header(const Octets& file)
{
    Header header;
    const std::size_t info_bytes = file.u32(file_header_bytes);
    header.pixels_at = file.u32(10);
    header.palette_at = file_header_bytes + info_bytes;
    if (info_bytes == core_header_bytes) {
        header.width = file.u16(18);
        header.height = file.u16(20);
        header.bits = file.u16(24);
        header.palette_entry_bytes = 3;
        return header;
    }
    const std::uint32_t height = file.u32(22);
    header.is_top_down = (height & 0x80000000U) != 0;
    header.width = file.u32(18);
    header.height = header.is_top_down ? std::uint32_t{0} - height : height;
    header.bits = file.u16(28);
    header.compression = file.u32(30);
    return header;
}

struct Colour {
    unsigned red = 0;
    unsigned green = 0;
    unsigned blue = 0;
};

Colour colour_at(const Octets& file, std::size_t at)
{
    return {file.octet(at + 2), file.octet(at + 1), file.octet(at)}; // blue first
}

Colour pixel_at(const Octets& file, const Header& header, std::size_t row, std::size_t x)
{
    switch (header.bits) {
    case 32:
    case 24:
        return colour_at(file, row + x * header.bits / 8);
    case 16: {
        const auto value = file.u16(row + 2 * x); // five bits each
        const auto five = [&](unsigned shift) { return (value >> shift & 31U) * 255U / 31U; };
        return {five(10), five(5), five(0)};
    }
    default: {
        const std::size_t bit = x * header.bits;
        const auto shift = 8 - header.bits - bit % 8;
        const auto mask = (1U << header.bits) - 1U;
        const auto index = file.octet(row + bit / 8) >> shift & mask;
        return colour_at(file, header.palette_at + index * header.palette_entry_bytes);
    }
    }
}

bool is_read(const Header& header)
{
    constexpr std::uint32_t bit_fields = 3; // usual masks are taken for granted
    const bool is_plain = header.compression == 0 || header.compression == bit_fields;
    return is_plain && (header.bits == 1 || header.bits == 4 || header.bits == 8 ||
                        header.bits == 16 || header.bits == 24 || header.bits == 32);
}

} // namespace

bool is_bmp(base::ByteView bytes)
{
    if (!base::as_text(bytes).starts_with("BM") || bytes.size() < file_header_bytes + 16) {
        return false;
    }
    const auto info_bytes = Octets{bytes}.u32(file_header_bytes);
    return info_bytes == core_header_bytes || (info_bytes >= 40 && info_bytes <= 124);
}

namespace {

/// What cannot be drawn: nullopt where all is well.
std::optional<Refusal> find_fault(const Octets& file, const Header& header, const Limits& limits)
{
    if (!is_size_allowed(header.width, header.height, limits)) {
        return refuse_size(header.width, header.height);
    }
    if (!is_read(header)) {
        return unreadable("a bitmap that is compressed or has unusual pixels");
    }
    return header.pixels_at >= file.size() ? std::optional{unreadable("it holds no pixels")}
                                           : std::nullopt;
}

template <typename Image>
void draw(const Octets& file, const Header& header, Image& image)
{
    const std::size_t row_bytes = (header.width * header.bits + 31) / 32 * 4;
    for (std::size_t y = 0; y < header.height; ++y) {
        const std::size_t row = header.pixels_at + y * row_bytes;
        if (row >= file.size()) {
            break; // cut short: the rest stays white
        }
        const std::size_t shown_at = header.is_top_down ? y : header.height - 1 - y;
        for (std::size_t x = 0; x < header.width; ++x) {
            const auto [red, green, blue] = pixel_at(file, header, row, x);
            image.put(x, shown_at, red, green, blue);
        }
    }
}

} // namespace

ImageReading read_bmp(base::ByteView bytes, const Limits& limits)
{
    const Octets file{bytes};
    const Header header = read_header(file);
    if (auto fault = find_fault(file, header, limits)) {
        return std::move(*fault);
    }
    ImageReading reading;
    draw(file, header, reading.images.emplace_back(header.width, header.height, 255));
    return reading;
}

ColourReading read_bmp_colour(base::ByteView bytes, const Limits& limits)
{
    const Octets file{bytes};
    const Header header = read_header(file);
    if (auto fault = find_fault(file, header, limits)) {
        return std::move(*fault);
    }
    ColourReading reading{ColourImage{header.width, header.height}, "", ""};
    draw(file, header, reading.image);
    return reading;
}

} // namespace watchpost::images
