#include "barcodes/scanner.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "barcodes/block_text.h"
#include "barcodes/cell_grid.h"
#include "barcodes/qr_reader.h"
#include "images/image_reader.h"

namespace watchpost::barcodes {

namespace {

constexpr std::size_t half_code_pixels_min = 10;
constexpr std::size_t half_pixels_max = 1'000'000;

void add_gap(Scan& scan, std::string_view gap, std::string detail)
{
    if (scan.gap.empty()) {
        scan.gap = gap;
        scan.detail = std::move(detail);
    }
}

bool is_late(base::Deadline deadline)
{
    return std::chrono::steady_clock::now() >= deadline;
}

/// Two of them beside or below each other are about a square.
bool may_be_half(const images::GreyImage& image)
{
    const std::size_t longer = std::max(image.width, image.height);
    const std::size_t shorter = std::min(image.width, image.height);
    return shorter >= half_code_pixels_min && image.pixels.size() <= half_pixels_max &&
           5 * longer >= 8 * shorter && 2 * longer <= 5 * shorter;
}

images::GreyImage within(images::GreyImage image, std::uint64_t pixels_max)
{
    std::size_t factor = 1;
    while (image.pixels.size() / (factor * factor) > pixels_max) {
        ++factor;
    }
    return factor == 1 ? std::move(image) : reduced(image, factor);
}

} // namespace

std::string_view to_string(Drawing drawing) noexcept
{
    switch (drawing) {
    case Drawing::image:
        return "image";
    case Drawing::split_image:
        return "split_image";
    case Drawing::text:
        return "text";
    case Drawing::table:
        return "table";
    }
    return "";
}

bool Scanner::has_room(const images::GreyImage& image, Scan& scan)
{
    if (image.pixels.size() > limits_.total_pixels_max - pixels_) {
        add_gap(scan, "limit_image_pixels",
                "the images have more than " + std::to_string(limits_.total_pixels_max) +
                    " pixels together");
        return false;
    }
    pixels_ += image.pixels.size();
    return true;
}

void Scanner::look_at(const images::GreyImage& image, Drawing drawing, Scan& scan)
{
    auto reading = read_qr_codes(image, limits_);
    if (reading.has_too_many_patterns) {
        add_gap(scan, "limit_qr_patterns",
                "more than " + std::to_string(limits_.finder_patterns_max) +
                    " patterns look like the corner of a QR code");
    }
    for (std::string& text : reading.texts) {
        if (std::ranges::find(scan.codes, text, &Code::text) != scan.codes.end()) {
            continue;
        }
        if (codes_ >= limits_.codes_max) {
            add_gap(scan, "limit_qr_codes",
                    "more than " + std::to_string(limits_.codes_max) + " QR codes");
            return;
        }
        ++codes_;
        scan.codes.push_back({std::move(text), drawing});
    }
}

/// In either order: which of them is shown first is said elsewhere.
void Scanner::look_at_halves(images::GreyImage image, Scan& scan)
{
    if (!may_be_half(image)) {
        return;
    }
    if (image.height == half_.height && image.height > image.width) {
        look_at(beside(half_, image), Drawing::split_image, scan);
        look_at(beside(image, half_), Drawing::split_image, scan);
    } else if (image.width == half_.width && image.width > image.height) {
        look_at(below(half_, image), Drawing::split_image, scan);
        look_at(below(image, half_), Drawing::split_image, scan);
    }
    half_ = std::move(image);
}

void Scanner::look_at_frame(images::GreyImage image, base::Deadline deadline, Scan& scan)
{
    if (is_late(deadline)) {
        add_gap(scan, "timed_out", "not all images were looked at for QR codes");
        return;
    }
    if (!has_room(image, scan)) {
        return;
    }
    image = within(std::move(image), limits_.scanned_pixels_max);
    look_at(image, Drawing::image, scan);
    if (scan.codes.empty()) {
        look_at_halves(std::move(image), scan);
    }
}

Scan Scanner::scan_image(base::ByteView bytes, base::Deadline deadline)
{
    Scan scan;
    const auto read = images::find_readers(bytes).grey;
    if (read == nullptr) {
        return scan;
    }
    try {
        auto reading = read(bytes, limits_);
        for (images::GreyImage& image : reading.images) {
            look_at_frame(std::move(image), deadline, scan);
        }
        if (!reading.gap.empty()) {
            add_gap(scan, reading.gap, std::move(reading.detail));
        }
    } catch (const std::bad_alloc&) {
        add_gap(scan, "limit_image_pixels", "it needs more memory than there is");
    }
    return scan;
}

void Scanner::look_at_drawings(const std::vector<images::GreyImage>& images, Drawing drawing,
                               base::Deadline deadline, Scan& scan)
{
    for (const images::GreyImage& image : images) {
        if (is_late(deadline)) {
            add_gap(scan, "timed_out", "not all texts were looked at for QR codes");
            return;
        }
        if (has_room(image, scan)) {
            look_at(image, drawing, scan);
        }
    }
}

Scan Scanner::scan_text(std::string_view utf8, base::Deadline deadline)
{
    Scan scan;
    look_at_drawings(draw_block_text(utf8), Drawing::text, deadline, scan);
    return scan;
}

Scan Scanner::scan_html(std::string_view utf8, base::Deadline deadline)
{
    Scan scan = scan_text(utf8, deadline);
    look_at_drawings(read_cell_grids(utf8), Drawing::table, deadline, scan);
    return scan;
}

} // namespace watchpost::barcodes
