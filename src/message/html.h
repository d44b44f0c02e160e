// What a reader of an HTML body sees, and where it leads: the text with line breaks where blocks
// begin and end, and the links with the text that is shown for them.
//
// Wraps gumbo, within limits that keep hostile HTML from costing more than its size. Scripts,
// styles and other elements without text are left out; nothing is said about what a style sheet
// hides. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "message/html_guard.h"

namespace watchpost::message {

struct HtmlLimits {
    HtmlGuardLimits guard;
    std::size_t memory_bytes_max = std::size_t{96} << 20U; // of the parser
    std::size_t links_max = 5'000;
    std::size_t link_bytes_max = 4'096; // of one address, and of one shown text
};

struct HtmlLink {
    std::string href;         // as written, without the white space that browsers drop
    std::string display_text; // of <a>; empty for all others
    std::string_view source;  // "href", "src", "action", "refresh", "base", "text"
};

struct HtmlReading {
    std::string text;
    std::vector<HtmlLink> links;
    bool was_cut = false; // the rest of the HTML was not read
    bool links_were_cut = false;
};

/// `html` is UTF-8.
[[nodiscard]] HtmlReading read_html(std::string_view html, const HtmlLimits& limits = {});

} // namespace watchpost::message
