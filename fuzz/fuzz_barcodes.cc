// Images and drawn texts to QR codes: ends in time and memory, and what comes out is UTF-8.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "barcodes/scanner.h"
#include "diag/quote.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    barcodes::Limits limits;
    limits.image_pixels_max = 100'000; // a header of a few octets announces any size
    barcodes::Scanner scanner{limits};
    const auto end = std::chrono::steady_clock::now() + std::chrono::hours{1};
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    for (const auto& scan :
         {scanner.scan_image(base::as_bytes(bytes), end), scanner.scan_html(bytes, end)}) {
        for (const auto& code : scan.codes) {
            if (diag::to_valid_utf8(code.text) != code.text) {
                std::abort();
            }
        }
    }
    return 0;
}
