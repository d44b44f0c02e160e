// QR codes in a grey image, in dark on light and in light on dark. Wraps zxing. Private to
// barcodes/. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "barcodes/limits.h"
#include "images/grey_image.h"

namespace watchpost::barcodes {

struct QrReading {
    std::vector<std::string> texts;     // of each code, valid UTF-8; each text once
    bool has_too_many_patterns = false; // more than finder_patterns_max: not all was looked at
};

[[nodiscard]] QrReading read_qr_codes(const images::GreyImage& image, const Limits& limits);

} // namespace watchpost::barcodes
