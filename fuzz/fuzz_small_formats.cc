// The first octet chooses a beginning that decides the format; what comes out keeps the limits.
#include <array>

#include "unpack_within_limits.h"

using namespace std::string_literals;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const std::array beginnings{
        "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3"s,
        "BEGIN:VCARD\n"s,
        "\x4C\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46"s,
        "[InternetShortcut]\n"s,
        "<svg "s,
        "<Relationships xmlns=\"package/2006/relationships\">"s,
        "<document \"wordprocessingml\">"s};
    const std::size_t chosen = size > 0 ? 1 : 0;
    watchpost::fuzz::unpack_within_limits(
        beginnings.at(chosen == 0 ? 0 : data[0] % beginnings.size()), data + chosen, size - chosen,
        "a");
    return 0;
}
