#include "message/html_guard.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "message/ascii.h"
#include "message/html_attributes.h"

namespace watchpost::message {

namespace {

// Elements that never stay open: void ones, and those that the next of their kind closes. In SVG
// and MathML they do stay open.
constexpr std::array<std::string_view, 30> not_nesting{
    "area",  "base",   "basefont", "bgsound", "br",     "col", "dd",    "dt",   "embed",  "frame",
    "hr",    "html",   "img",      "input",   "keygen", "li",  "link",  "meta", "option", "p",
    "param", "source", "tbody",    "td",      "tfoot",  "th",  "thead", "tr",   "track",  "wbr"};

/// `at` stands behind "<" or "</", on a letter.
std::string_view tag_name(std::string_view html, std::size_t at)
{
    constexpr std::size_t name_bytes_max = 64; // longer ones are told apart by their start
    const std::string_view rest = html.substr(at, name_bytes_max);
    return rest.substr(0, std::min(rest.find_first_of(" \t\r\n\f/>"), rest.size()));
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

/// How many elements may be open. A closing tag counts against its own name only: gumbo ignores one
/// that closes nothing, and "<div></x>" repeated must not look flat.
class OpenElements {
public:
    void open(std::string_view name)
    {
        ++depth_;
        const auto found = find(name);
        if (found != counts_.end()) {
            ++found->second;
        } else {
            counts_.emplace_back(name, 1);
        }
    }

    void close(std::string_view name)
    {
        const auto found = find(name);
        if (found == counts_.end()) {
            return;
        }
        --depth_;
        if (--found->second == 0) {
            *found = counts_.back();
            counts_.pop_back();
        }
    }

    [[nodiscard]] std::size_t depth() const noexcept { return depth_; }

private:
    using Counts = std::vector<std::pair<std::string_view, std::size_t>>; // at most depth_ entries

    Counts::iterator find(std::string_view name)
    {
        return std::find_if(counts_.begin(), counts_.end(), [&](const auto& entry) {
            return equals_ignoring_case(entry.first, name);
        });
    }

    Counts counts_;
    std::size_t depth_ = 0;
};

/// The prefix with few enough tags and open elements.
std::size_t flat_prefix(std::string_view html, const HtmlGuardLimits& limits)
{
    OpenElements elements;
    std::size_t tags = 0;
    bool was_foreign = false;
    for (std::size_t at = html.find('<'); at != std::string_view::npos;
         at = html.find('<', at + 1)) {
        const bool is_closing = html.compare(at + 1, 1, "/") == 0;
        const std::size_t name_begin = at + (is_closing ? 2 : 1);
        if (name_begin >= html.size() || !is_alpha(html[name_begin])) {
            continue;
        }
        const auto name = tag_name(html, name_begin);
        was_foreign = was_foreign || is_foreign(name);
        if (was_foreign || nests(name)) {
            is_closing ? elements.close(name) : elements.open(name);
        }
        if (++tags > limits.tags_max || elements.depth() > limits.depth_max) {
            return at;
        }
    }
    return html.size();
}

} // namespace

std::size_t safe_html_prefix(std::string_view html, const HtmlGuardLimits& limits)
{
    html = html.substr(0, flat_prefix(html, limits));
    return prefix_with_attributes(html, limits.attributes_max);
}

} // namespace watchpost::message
