#include "base/base64.h"

#include <algorithm>
#include <cstdint>

namespace watchpost::base {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

std::string to_base64(std::string_view text)
{
    std::string encoded;
    encoded.reserve((text.size() + 2) / 3 * 4);
    for (; !text.empty(); text.remove_prefix(std::min<std::size_t>(3, text.size()))) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = group << 8U | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            encoded += i <= text.size() ? alphabet[group >> (18U - 6U * i) & 0x3FU] : '=';
        }
    }
    return encoded;
}

std::optional<std::string> parse_base64(std::string_view text)
{
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    const std::size_t padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
    text.remove_suffix(padding);
    std::string octets;
    octets.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    std::uint32_t bit_count = 0;
    for (const char c : text) {
        const auto digit = alphabet.find(c);
        if (digit == std::string_view::npos) {
            return std::nullopt;
        }
        bits = (bits << 6U | static_cast<std::uint32_t>(digit)) & 0x3FFFU;
        bit_count += 6;
        if (bit_count >= 8) {
            bit_count -= 8;
            octets += static_cast<char>(static_cast<unsigned char>(bits >> bit_count & 0xFFU));
        }
    }
    const bool is_clean = (bits & ((1U << bit_count) - 1U)) == 0;
    return is_clean ? std::optional{std::move(octets)} : std::nullopt;
}

} // namespace watchpost::base
