#include "message/html_guard.h"

#include <algorithm>
#include <array>

#include "message/ascii.h"

namespace watchpost::message {

namespace {

// Elements that never stay open: void ones, and those that the next of their kind closes. In SVG
// and MathML they do stay open.
constexpr std::array<std::string_view, 30> not_nesting{
    "area",   "base",  "basefont", "bgsound", "br", "col",   "dd",   "dt",     "embed", "frame",
    "hr",     "img",   "input",    "keygen",  "li", "link",  "meta", "option", "p",     "param",
    "source", "tbody", "td",       "tfoot",   "th", "thead", "tr",   "track",  "wbr",   "html"};

struct Tag {
    std::string_view name;
    std::size_t end = 0;        // after ">"
    std::size_t attributes = 0; // at most as many as this
    bool is_closing = false;
    bool is_self_closing = false;
};

/// `at` stands behind "<" or "</", on a letter.
Tag read_tag(std::string_view html, std::size_t at)
{
    Tag tag;
    const std::size_t name_begin = at;
    while (at < html.size() && !is_space(html[at]) && html[at] != '>' && html[at] != '/') {
        ++at;
    }
    tag.name = html.substr(name_begin, at - name_begin);
    char quote = '\0';
    for (; at < html.size() && (quote != '\0' || html[at] != '>'); ++at) {
        const char c = html[at];
        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if ((c == '"' || c == '\'') && html[at - 1] == '=') {
            quote = c;
        } else if (is_space(c) || c == '/' || c == '"' || c == '\'') {
            ++tag.attributes;
        }
    }
    tag.is_self_closing = at > name_begin && at < html.size() && html[at - 1] == '/';
    tag.end = std::min(at + 1, html.size());
    return tag;
}

bool nests(std::string_view name)
{
    return std::none_of(not_nesting.begin(), not_nesting.end(),
                        [&](auto other) { return equals_ignoring_case(name, other); });
}

bool is_foreign(std::string_view name)
{
    return equals_ignoring_case(name, "svg") || equals_ignoring_case(name, "math");
}

} // namespace

std::size_t safe_html_prefix(std::string_view html, const HtmlGuardLimits& limits)
{
    std::size_t depth = 0;
    std::size_t tags = 0;
    bool was_foreign = false;
    std::size_t at = html.find('<');
    while (at != std::string_view::npos) {
        const std::size_t begin = at;
        const bool is_closing = html.compare(at + 1, 1, "/") == 0;
        const std::size_t name = at + (is_closing ? 2 : 1);
        if (name >= html.size() || !is_alpha(html[name])) {
            at = html.find('<', at + 1);
            continue;
        }
        const Tag tag = read_tag(html, name);
        was_foreign = was_foreign || is_foreign(tag.name);
        const bool counts = was_foreign ? !tag.is_self_closing : nests(tag.name);
        if (counts && is_closing) {
            depth -= depth > 0 ? 1 : 0;
        } else if (counts) {
            ++depth;
        }
        if (++tags > limits.tags_max || depth > limits.depth_max ||
            tag.attributes > limits.attributes_max) {
            return begin;
        }
        at = html.find('<', name);
    }
    return html.size();
}

} // namespace watchpost::message
