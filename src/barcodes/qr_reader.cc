#include "barcodes/qr_reader.h"

#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <exception>

#include "barcodes/bit_image.h"
#include "barcodes/finder_patterns.h"
#include "diag/quote.h"

namespace watchpost::barcodes {

namespace {

constexpr std::size_t code_pixels_min = 21; // the smallest code has 21 modules
constexpr std::size_t corners = 3;          // that have a finder pattern

ZXing::DecodeHints hints()
{
    ZXing::DecodeHints hints;
    hints.setFormats(ZXing::BarcodeFormat::QRCode);
    hints.setTryHarder(true);
    hints.setTryRotate(false);    // the corners tell how a code is turned
    hints.setTryDownscale(false); // the patterns of another size were not counted
    hints.setBinarizer(ZXing::Binarizer::BoolCast);
    return hints;
}

void ask_zxing(const BitImage& image, QrReading& reading)
{
    try {
        const ZXing::ImageView view{image.pixels.data(), static_cast<int>(image.width),
                                    static_cast<int>(image.height), ZXing::ImageFormat::Lum};
        for (const auto& code : ZXing::ReadBarcodes(view, hints())) {
            std::string text = diag::to_valid_utf8(code.text());
            const bool is_new = std::ranges::find(reading.texts, text) == reading.texts.end();
            if (is_new && !text.empty()) {
                reading.texts.push_back(std::move(text));
            }
        }
    } catch (const std::exception&) {
        reading.has_too_many_patterns = true; // of its own limits; memory, for one
    }
}

void read_bits(const BitImage& image, const Limits& limits, QrReading& reading)
{
    const auto patterns = count_finder_patterns(image, limits.finder_patterns_max);
    if (patterns > limits.finder_patterns_max) {
        reading.has_too_many_patterns = true;
    } else if (patterns >= corners) {
        ask_zxing(image, reading);
    }
}

void read_both_ways(BitImage image, const Limits& limits, QrReading& reading)
{
    read_bits(image, limits, reading);
    invert(image);
    read_bits(image, limits, reading);
}

/// Codes of a pixel or two a module are drawn larger.
std::size_t enlarging_of(const images::GreyImage& image)
{
    constexpr std::size_t small_side = 120;
    constexpr std::size_t large_side = 600;
    if (image.pixels.size() > large_side * large_side) {
        return 1;
    }
    const std::size_t side = std::min(image.width, image.height);
    return side < small_side ? 4 : side < large_side ? 2 : 1;
}

void read_drawn(const images::GreyImage& image, const Limits& limits, QrReading& reading)
{
    read_both_ways(by_one_threshold(image), limits, reading);
    if (reading.texts.empty()) {
        read_both_ways(by_surroundings(image), limits, reading);
    }
}

} // namespace

QrReading read_qr_codes(const images::GreyImage& image, const Limits& limits)
{
    QrReading reading;
    if (image.width < code_pixels_min || image.height < code_pixels_min) {
        return reading;
    }
    if (const auto factor = enlarging_of(image); factor > 1) {
        read_drawn(enlarged(image, factor), limits, reading);
    } else {
        read_drawn(image, limits, reading);
    }
    return reading;
}

} // namespace watchpost::barcodes
