// The few things about ASCII that header syntax needs, independent of the locale.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/ascii.h"

namespace watchpost::message {

using base::equals_ignoring_case;
using base::hex_value;
using base::is_alnum;
using base::is_alpha;
using base::is_digit;
using base::lower_case;
using base::starts_ignoring_case;
using base::to_lower;

/// Blank or tab: what may start a continuation line. RFC 5322 §2.2.2.
[[nodiscard]] constexpr bool is_blank(char c) noexcept
{
    return c == ' ' || c == '\t';
}

/// White space of a folded value.
[[nodiscard]] constexpr bool is_space(char c) noexcept
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

[[nodiscard]] inline std::string_view trim_end(std::string_view text) noexcept
{
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

[[nodiscard]] inline std::string_view trim(std::string_view text) noexcept
{
    text = trim_end(text);
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    return text;
}

/// Any octet above 127?
[[nodiscard]] inline bool has_eight_bit(std::string_view text) noexcept
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
}

} // namespace watchpost::message
