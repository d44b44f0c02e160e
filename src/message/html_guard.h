// How much of an HTML text gumbo may see.
//
// gumbo walks all open elements for many a tag and compares a tag's attributes with each other:
// deep nesting or long attribute lists cost quadratic time. This looks at the tags once, without
// building anything, and never counts less than gumbo would open. Thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace watchpost::message {

struct HtmlGuardLimits {
    std::size_t depth_max = 512;
    std::size_t tags_max = 100'000;
    std::size_t attributes_max = 256; // of one tag
};

/// The length of the longest prefix within the limits.
[[nodiscard]] std::size_t safe_html_prefix(std::string_view html, const HtmlGuardLimits& limits);

} // namespace watchpost::message
