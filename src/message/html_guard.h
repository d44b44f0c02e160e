// How much of an HTML text gumbo may see.
//
// gumbo walks all open elements for many a tag and compares a tag's attributes with each other and
// with those of open formatting elements: deep nesting and long attribute lists cost more than
// their size. This looks at the text once, builds nothing, and never counts less than gumbo would:
// it does not know what is a comment or a script, so that it takes every "<x" for a tag.
// Thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace watchpost::message {

struct HtmlGuardLimits {
    std::size_t depth_max = 300; // open elements
    std::size_t tags_max = 100'000;
    std::size_t attributes_max = 100; // of one tag
    std::size_t root_tags_max =
        100; // <html> and <body>: gumbo merges the attributes of all of them
    std::size_t work_max = 50'000'000; // sum over all attributes: their number so far in the
                                       // tag times the open elements
};

/// The length of the longest prefix within the limits.
[[nodiscard]] std::size_t safe_html_prefix(std::string_view html, const HtmlGuardLimits& limits);

} // namespace watchpost::message
