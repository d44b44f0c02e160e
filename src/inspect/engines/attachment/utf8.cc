#include "inspect/engines/attachment/utf8.h"

#include "diag/quote.h"

namespace watchpost::inspect::attachment {

std::u32string to_code_points(std::string_view text)
{
    const std::string valid = diag::to_valid_utf8(text);
    std::u32string result;
    for (std::size_t i = 0; i < valid.size();) {
        const auto lead = static_cast<unsigned char>(valid[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        char32_t value = length == 1 ? lead : lead & (0x7FU >> length);
        for (std::size_t k = 1; k < length; ++k) {
            value = value << 6U | (static_cast<unsigned char>(valid[i + k]) & 0x3FU);
        }
        result += value;
        i += length;
    }
    return result;
}

} // namespace watchpost::inspect::attachment
