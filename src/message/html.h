// What a reader of an HTML document sees, what is hidden from them, where it leads, and what it
// holds: the text with line breaks where blocks begin and end, the links with the text that is
// shown for them, forms, scripts, and the files that stand in it.
//
// Wraps gumbo, within limits that keep hostile HTML from costing more than its size. Nothing is run
// and nothing is fetched: style sheets from elsewhere and what scripts do are not seen. Elements
// without text (scripts, styles) are left out of both texts. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "message/html_guard.h"
#include "message/html_objects.h"
#include "message/html_style.h"

namespace watchpost::message {

struct HtmlLimits {
    HtmlGuardLimits guard;
    std::size_t memory_bytes_max = std::size_t{96} << 20U; // of the parser
    std::size_t links_max = 5'000;
    std::size_t link_bytes_max = 4'096; // of one address, and of one shown text
    std::size_t forms_max = 100;
    std::size_t objects_max = 200;        // files in the document
    std::size_t style_rules_max = 20'000; // selectors of its style sheets
};

struct HtmlLink {
    std::string href;          // by the document's base, without the white space that browsers drop
    std::string written;       // where that is not what stands in the document
    std::string display_text;  // of <a>, what is seen of it; empty for all others
    std::string shown_address; // that the shown text names; empty where it names none
    bool names_another_host = false; // that address, than the link leads to
    std::string_view source;         // "href", "src", "action", "refresh", "base", "text"
};

struct HtmlForm {
    std::string action; // empty: the document's own address
    std::string method; // in lower case; empty for a password field without a form
    std::uint32_t password_fields = 0;
};

/// What stands in a document beside its text. Facts, no verdict.
struct HtmlFacts {
    std::vector<HtmlForm> forms;
    std::uint32_t inline_scripts = 0;
    std::uint32_t loaded_scripts = 0;
    std::uint32_t event_handlers = 0;
    std::uint32_t script_addresses = 0; // javascript:, vbscript:
    std::uint32_t svg_scripts = 0;      // of those, scripts and handlers of embedded SVG
    std::uint32_t data_addresses = 0;
    std::uint32_t blob_addresses = 0;
    std::uint64_t invisible_characters = 0;
    std::string base;                   // of <base>
    std::string refresh;                // where <meta http-equiv=refresh> leads
    std::vector<std::string> smuggling; // words of HTML smuggling (html_script.h)
};

struct HtmlReading {
    std::string text;        // that can be seen
    std::string hidden_text; // that cannot
    HidingWays hidden_by;    // of the hidden text
    std::vector<HtmlLink> links;
    HtmlFacts facts;
    std::vector<HtmlObject> objects;
    bool was_cut = false;        // the rest of the HTML, or of its style sheets, was not read
    bool links_were_cut = false; // or forms
    bool objects_were_cut = false;
};

/// `html` is UTF-8.
[[nodiscard]] HtmlReading read_html(std::string_view html, const HtmlLimits& limits = {});

} // namespace watchpost::message
