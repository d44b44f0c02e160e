// The QR codes of one message's images and texts, within limits that go on from one to the next.
//
// Owns no file and starts nothing; meant for the sandbox. Not thread-safe; one object a message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "barcodes/limits.h"
#include "base/bytes.h"
#include "base/time.h"
#include "images/grey_image.h"

namespace watchpost::barcodes {

/// How the code is drawn.
enum class Drawing : std::uint8_t { image, split_image, text, table };

/// "image", "split_image", "text", "table".
[[nodiscard]] std::string_view to_string(Drawing drawing) noexcept;

struct Code {
    std::string text; // valid UTF-8
    Drawing drawing = Drawing::image;
};

/// What one image or text gave.
struct Scan {
    std::vector<Code> codes;
    std::string_view gap; // "limit_image_pixels", "limit_qr_patterns", "limit_qr_codes",
                          // "unreadable_image"; empty: all was looked at
    std::string detail;
};

class Scanner {
public:
    explicit Scanner(const Limits& limits = {}) : limits_{limits} {}

    /// PNG, JPEG, GIF, BMP or WebP; nothing for anything else. An image without a code that is half
    /// as wide as high, or half as high as wide, is joined with the one before it.
    [[nodiscard]] Scan scan_image(base::ByteView bytes, base::Deadline deadline);

    /// Codes that are drawn with block characters; nothing for a text without many of them.
    [[nodiscard]] Scan scan_text(std::string_view utf8, base::Deadline deadline);

    /// Codes that are drawn with the cells of tables, or as scan_text() has them, in HTML.
    [[nodiscard]] Scan scan_html(std::string_view utf8, base::Deadline deadline);

private:
    void look_at(const images::GreyImage& image, Drawing drawing, Scan& scan);
    void look_at_frame(images::GreyImage image, base::Deadline deadline, Scan& scan);
    void look_at_halves(images::GreyImage image, Scan& scan);
    void look_at_drawings(const std::vector<images::GreyImage>& images, Drawing drawing,
                          base::Deadline deadline, Scan& scan);
    [[nodiscard]] bool has_room(const images::GreyImage& image, Scan& scan);

    Limits limits_;
    std::uint64_t pixels_ = 0;
    std::size_t codes_ = 0;
    images::GreyImage half_; // the last image that may be half a code
};

} // namespace watchpost::barcodes
