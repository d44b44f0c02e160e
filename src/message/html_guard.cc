#include "message/html_guard.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "message/ascii.h"
#include "message/tag_threads.h"

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

bool is_root(std::string_view name)
{
    return equals_ignoring_case(name, "html") || equals_ignoring_case(name, "body");
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

class Guard {
public:
    Guard(std::string_view html, const HtmlGuardLimits& limits) : html_{html}, limits_{limits} {}

    std::size_t safe_prefix();

private:
    void take_tag(std::size_t at);
    [[nodiscard]] std::size_t name_at(std::size_t at) const;
    [[nodiscard]] bool is_within_limits() const
    {
        return tags_ <= limits_.tags_max && root_tags_ <= limits_.root_tags_max &&
               elements_.depth() <= limits_.depth_max && attributes_ <= limits_.attributes_max &&
               work_ <= limits_.work_max;
    }

    std::string_view html_;
    const HtmlGuardLimits& limits_;
    OpenElements elements_;
    TagThreads threads_;
    bool was_foreign_ = false;
    std::size_t tags_ = 0;
    std::size_t root_tags_ = 0;
    std::size_t attributes_ = 0; // the most of one tag
    std::size_t work_ = 0;
};

/// Where the name of a tag that starts here begins; 0 where none starts.
std::size_t Guard::name_at(std::size_t at) const
{
    if (html_[at] != '<') {
        return 0;
    }
    const std::size_t name = at + (html_.compare(at + 1, 1, "/") == 0 ? 2 : 1);
    return name < html_.size() && is_alpha(html_[name]) ? name : 0;
}

void Guard::take_tag(std::size_t at)
{
    const std::size_t name_begin = name_at(at);
    if (name_begin == 0) {
        return;
    }
    const auto name = tag_name(html_, name_begin);
    was_foreign_ = was_foreign_ || is_foreign(name);
    if (was_foreign_ || nests(name)) {
        html_[at + 1] == '/' ? elements_.close(name) : elements_.open(name);
    }
    ++tags_;
    root_tags_ += is_root(name) ? 1U : 0U;
    threads_.start();
}

std::size_t Guard::safe_prefix()
{
    std::size_t last_tag = 0;
    for (std::size_t at = 0; at < html_.size(); ++at) {
        if (threads_.is_any_open()) {
            const std::size_t attributes = threads_.feed(html_[at]);
            attributes_ = std::max(attributes_, attributes);
            work_ += attributes * elements_.depth();
        } else {
            at = html_.find('<', at);
            if (at == std::string_view::npos) {
                break;
            }
        }
        take_tag(at);
        if (!is_within_limits()) {
            return html_[at] == '<' ? at : last_tag;
        }
        last_tag = html_[at] == '<' ? at : last_tag;
    }
    return html_.size();
}

} // namespace

std::size_t safe_html_prefix(std::string_view html, const HtmlGuardLimits& limits)
{
    return Guard{html, limits}.safe_prefix();
}

} // namespace watchpost::message
