#include "diag/quote.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace watchpost::diag {

namespace {

struct Decoded {
    char32_t code_point = 0;
    std::size_t length = 0; // 0: not UTF-8
};

bool is_continuation(unsigned char octet) noexcept
{
    return (octet & 0xC0U) == 0x80U;
}

/// RFC 3629 §4: shortest form only, no surrogates, at most U+10FFFF.
Decoded decode_one(std::string_view text) noexcept
{
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = octet(0);
    if (lead < 0x80) {
        return {lead, 1};
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
        return {};
    }
    char32_t value = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(octet(i))) {
            return {};
        }
        value = value * 64 + (octet(i) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (value < least.at(length) || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return {};
    }
    return {value, length};
}

/// What a terminal or a reader could take for something else.
bool is_deceptive(char32_t value) noexcept
{
    const bool control = value < 0x20 || (value >= 0x7F && value < 0xA0);
    const bool bidi = (value >= 0x202A && value <= 0x202E) ||
                      (value >= 0x2066 && value <= 0x2069) || value == 0x200E || value == 0x200F ||
                      value == 0x061C;
    const bool unseen = (value >= 0x200B && value <= 0x200D) || value == 0x2028 ||
                        value == 0x2029 || value == 0xFEFF || value == 0x2060;
    return control || bidi || unseen;
}

std::string escape(char32_t value, bool is_octet)
{
    std::array<char, 16> text{};
    const char* const form = is_octet ? "\\x%02x" : "\\u{%04x}";
    std::snprintf(text.data(), text.size(), form, static_cast<unsigned>(value));
    return text.data();
}

} // namespace

std::string quote(std::string_view text, std::size_t bytes_max)
{
    std::string quoted;
    std::size_t at = 0;
    while (at < text.size() && at < bytes_max) {
        const Decoded decoded = decode_one(text.substr(at));
        const auto octet = static_cast<unsigned char>(text[at]);
        if (decoded.length == 0 || (is_deceptive(decoded.code_point) && decoded.length == 1)) {
            quoted += escape(octet, true);
            ++at;
            continue;
        }
        if (is_deceptive(decoded.code_point)) {
            quoted += escape(decoded.code_point, false);
        } else if (octet == '\\') {
            quoted += "\\\\";
        } else {
            quoted += text.substr(at, decoded.length);
        }
        at += decoded.length;
    }
    if (at < text.size()) {
        quoted += "… (" + std::to_string(text.size() - at) + " more bytes)";
    }
    return quoted;
}

namespace {

/// Octets of ASCII at the beginning.
std::size_t ascii_octets(std::string_view text) noexcept
{
    std::size_t at = 0;
    for (std::uint64_t eight = 0; text.size() - at >= sizeof eight; at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if ((eight & 0x8080808080808080U) != 0) {
            break;
        }
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) {
        ++at;
    }
    return at;
}

} // namespace

std::string to_valid_utf8(std::string_view text)
{
    std::string valid;
    valid.reserve(text.size());
    std::size_t at = 0;
    while (true) {
        const auto plain = ascii_octets(text.substr(at));
        valid += text.substr(at, plain);
        at += plain;
        if (at == text.size()) {
            return valid;
        }
        const Decoded decoded = decode_one(text.substr(at));
        if (decoded.length == 0) {
            valid += "\xEF\xBF\xBD"; // U+FFFD
            ++at;
            continue;
        }
        valid += text.substr(at, decoded.length);
        at += decoded.length;
    }
}

} // namespace watchpost::diag
