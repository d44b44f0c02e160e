#include "unpack/text_base64.h"

#include <cstdint>

namespace watchpost::unpack {
namespace {

int digit_of(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    if (c == '+' || c == '-') {
        return 62;
    }
    return c == '/' || c == '_' ? 63 : -1;
}

} // namespace

base::Bytes decode_text_base64(std::string_view text)
{
    base::Bytes octets;
    octets.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const int digit = digit_of(c);
        if (digit < 0) {
            continue;
        }
        bits = bits << 6U | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            octets.push_back(static_cast<std::byte>(bits >> count & 0xFFU));
        }
    }
    return octets;
}

} // namespace watchpost::unpack
