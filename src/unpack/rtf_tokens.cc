#include "unpack/rtf_tokens.h"

#include <algorithm>
#include <utility>

namespace watchpost::unpack {
namespace {

constexpr bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

std::size_t length_of(std::string_view text, bool (*belongs)(char))
{
    const auto end = std::ranges::find_if_not(text, belongs);
    return static_cast<std::size_t>(end - text.begin());
}

/// Large ones stay large: nobody counts on a number that does not fit.
std::int64_t number_of(std::string_view digits)
{
    constexpr std::int64_t number_max = std::int64_t{1} << 40U;
    std::int64_t number = 0;
    for (const char c : digits) {
        number = std::min(number * 10 + (c - '0'), number_max);
    }
    return number;
}

} // namespace

RtfToken RtfTokens::take(RtfToken::Kind kind, std::size_t count)
{
    const auto text = rest_.substr(0, count);
    rest_.remove_prefix(text.size());
    return {kind, text, std::nullopt};
}

/// Behind the backslash: a name with an optional number and one blank, or a single character.
RtfToken RtfTokens::take_control()
{
    const auto letters = length_of(rest_, is_letter);
    if (letters == 0) {
        return take(RtfToken::Kind::symbol, 1);
    }
    auto word = take(RtfToken::Kind::word, letters);
    const bool is_negative = rest_.size() > 1 && rest_[0] == '-' && is_digit(rest_[1]);
    rest_.remove_prefix(is_negative ? 1 : 0);
    const auto digits = rest_.substr(0, length_of(rest_, is_digit));
    rest_.remove_prefix(digits.size());
    if (!digits.empty()) {
        word.number = is_negative ? -number_of(digits) : number_of(digits);
    }
    if (rest_.starts_with(' ')) {
        rest_.remove_prefix(1);
    }
    // A number beyond the end would hide all that follows from whoever believes it.
    const auto announced = word.text == "bin" ? word.number.value_or(0) : 0;
    if (announced > 0 && static_cast<std::uint64_t>(announced) <= rest_.size()) {
        binary_bytes_ = static_cast<std::size_t>(announced);
    }
    return word;
}

std::optional<RtfToken> RtfTokens::next()
{
    if (rest_.empty()) {
        return std::nullopt;
    }
    if (binary_bytes_ > 0) {
        const auto count = std::exchange(binary_bytes_, 0);
        return take(RtfToken::Kind::binary, count);
    }
    switch (rest_.front()) {
    case '{':
        return take(RtfToken::Kind::open, 1);
    case '}':
        return take(RtfToken::Kind::close, 1);
    case '\\':
        rest_.remove_prefix(1);
        return take_control();
    default:
        return take(RtfToken::Kind::text, std::min(rest_.find_first_of("{}\\"), rest_.size()));
    }
}

} // namespace watchpost::unpack
