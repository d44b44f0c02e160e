// Image files to pictures in colour: they end within their limit, and what is written anew is read
// again.
#include <cstdint>
#include <cstdlib>

#include "images/colour_image.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    images::Limits limits;
    limits.image_pixels_max = 100'000; // a header of a few octets announces any size
    auto reading = images::read_colour(std::as_bytes(std::span{data, size}), limits);
    if (reading.image.rgba.size() != reading.image.width * reading.image.height * 4) {
        std::abort();
    }
    if (!reading.image.rgba.empty()) {
        const auto small = images::within(std::move(reading.image), 50);
        const auto again = images::read_colour(images::to_png(small).value(), limits);
        if (again.image.rgba != small.rgba) {
            std::abort();
        }
    }
    return 0;
}
