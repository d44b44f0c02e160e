// Letters and digits of ASCII, independent of the locale. Protocols and formats ignore the case of
// these and of no others. Thread-safe.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace watchpost::base {

[[nodiscard]] constexpr char to_lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

[[nodiscard]] constexpr bool is_alpha(char c) noexcept
{
    return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}

[[nodiscard]] constexpr bool is_alnum(char c) noexcept
{
    return is_digit(c) || is_alpha(c);
}

[[nodiscard]] inline bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return to_lower(x) == to_lower(y);
           });
}

[[nodiscard]] inline bool starts_ignoring_case(std::string_view text,
                                               std::string_view prefix) noexcept
{
    return text.size() >= prefix.size() &&
           equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

[[nodiscard]] inline std::string lower_case(std::string_view text)
{
    std::string lower{text};
    std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
    return lower;
}

/// Value of a hexadecimal digit of either case, -1 for anything else.
[[nodiscard]] constexpr int hex_value(char c) noexcept
{
    if (is_digit(c)) {
        return c - '0';
    }
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

} // namespace watchpost::base
