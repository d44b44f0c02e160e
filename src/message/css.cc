#include "message/css.h"

#include <algorithm>
#include <optional>

#include "message/ascii.h"

namespace watchpost::message {

namespace {

constexpr std::array<std::string_view, css_property_count> names{
    "background", "background-color", "background-image", "bottom",     "clip",      "clip-path",
    "color",      "display",          "filter",           "font",       "font-size", "height",
    "left",       "margin-left",      "margin-top",       "max-height", "max-width", "opacity",
    "overflow",   "overflow-x",       "overflow-y",       "position",   "right",     "text-indent",
    "top",        "transform",        "visibility",       "width"};

std::optional<CssProperty> find_property(std::string_view name)
{
    const auto found = std::lower_bound(names.begin(), names.end(), name);
    if (found == names.end() || *found != name) {
        return std::nullopt;
    }
    return static_cast<CssProperty>(found - names.begin());
}

// A later rule of equal weight wins: the number of the rule stands below the weight.
constexpr unsigned weight_shift = 40;
constexpr std::uint64_t important = std::uint64_t{1} << 60U;
constexpr std::uint64_t weight_of_tag = 1;
constexpr std::uint64_t weight_of_class = 16;
constexpr std::uint64_t weight_of_id = 256;
constexpr std::uint64_t weight_of_own = 4'096;

/// Calls `take(property, value, is_important)` for each declaration that can hide text.
template <typename Take>
void read_declarations(std::string_view body, Take take)
{
    while (!body.empty()) {
        const std::size_t end = std::min(body.find(';'), body.size());
        const std::string_view declaration = body.substr(0, end);
        body.remove_prefix(std::min(end + 1, body.size()));
        const std::size_t colon = declaration.find(':');
        if (colon == std::string_view::npos) {
            continue;
        }
        const auto property = find_property(trim(declaration.substr(0, colon)));
        if (!property) {
            continue;
        }
        std::string_view value = trim(declaration.substr(colon + 1));
        const std::size_t mark = value.rfind('!');
        const bool is_important =
            mark != std::string_view::npos && trim(value.substr(mark + 1)) == "important";
        if (is_important) {
            value = trim(value.substr(0, mark));
        }
        if (!value.empty()) {
            take(*property, value, is_important);
        }
    }
}

/// A backslash and up to six hexadecimal digits, or any character. CSS Syntax 3 §4.3.7. Only what
/// stands in words of ours matters; all else becomes a character that no word has.
char take_escape(std::string_view css, std::size_t& at)
{
    constexpr std::size_t digits_max = 6;
    std::uint32_t value = 0;
    std::size_t digits = 0;
    while (digits < digits_max && at + 1 < css.size() && hex_value(css[at + 1]) >= 0) {
        value = value * 16 + static_cast<std::uint32_t>(hex_value(css[at + 1]));
        ++at;
        ++digits;
    }
    if (digits == 0) {
        at += at + 1 < css.size() ? 1 : 0;
        return is_alnum(css[at]) ? to_lower(css[at]) : '?';
    }
    if (at + 1 < css.size() && is_space(css[at + 1])) {
        ++at;
    }
    const bool is_plain = value < 128 && (is_alnum(static_cast<char>(value)) || value == '-');
    return is_plain ? to_lower(static_cast<char>(value)) : '?';
}

bool is_name(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alnum(c) || c == '-' || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
    });
}

/// The weight of a selector that we know; nullopt for all others.
std::optional<std::uint64_t> weight_of(std::string_view selector)
{
    if (selector == "*") {
        return 0;
    }
    const std::size_t mark = std::min(selector.find_first_of(".#"), selector.size());
    const std::string_view tag = selector.substr(0, mark);
    if (!tag.empty() && !is_name(tag)) {
        return std::nullopt;
    }
    std::uint64_t weight = tag.empty() ? 0 : weight_of_tag;
    if (mark < selector.size()) {
        if (!is_name(selector.substr(mark + 1))) {
            return std::nullopt;
        }
        weight += selector[mark] == '#' ? weight_of_id : weight_of_class;
    }
    return weight == 0 ? std::nullopt : std::optional{weight};
}

/// Whether rules inside of this at-rule hold for a reader at a screen.
bool is_shown_medium(std::string_view rule)
{
    if (!rule.starts_with("@media")) {
        return false;
    }
    return is_screen_medium(rule.substr(std::string_view{"@media"}.size()));
}

/// Where the block that begins at `open` ends, behind its bracket.
std::size_t end_of_block(std::string_view css, std::size_t open)
{
    std::size_t depth = 0;
    for (std::size_t at = open; at < css.size(); ++at) {
        depth += css[at] == '{' ? 1U : 0U;
        if (css[at] == '}' && --depth == 0) {
            return at + 1;
        }
    }
    return css.size();
}

} // namespace

void CssStyle::declare(CssProperty property, std::string_view value,
                       std::uint64_t priority) noexcept
{
    auto& declared = declared_[static_cast<std::size_t>(property)];
    if (declared.value.empty() || priority >= declared.priority) {
        declared = {value, priority};
    }
    is_empty_ = false;
}

bool is_screen_medium(std::string_view medium)
{
    const std::string name = lower_case(trim(medium));
    return name.empty() || name == "all" || name == "screen" || name == "only screen";
}

std::string clean_css(std::string_view css)
{
    std::string clean;
    clean.reserve(css.size());
    for (std::size_t at = 0; at < css.size(); ++at) {
        if (css.compare(at, 2, "/*") == 0) {
            const std::size_t end = css.find("*/", at + 2);
            at = end == std::string_view::npos ? css.size() : end + 1;
        } else if (css.compare(at, 4, "<!--") == 0) {
            at += 3;
        } else if (css.compare(at, 3, "-->") == 0) {
            at += 2;
        } else if (css[at] == '\\') {
            clean += take_escape(css, at);
        } else {
            clean += css[at] == '\f' ? ' ' : to_lower(css[at]);
        }
    }
    return clean;
}

void CssSheet::add(std::string_view css)
{
    const std::string_view text = texts_.emplace_back(clean_css(css));
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t begin = at;
        const std::size_t mark = text.find_first_of("{};", begin);
        if (mark == std::string_view::npos) {
            return;
        }
        const std::string_view before = trim(text.substr(begin, mark - begin));
        at = mark + 1;
        if (text[mark] != '{' || is_shown_medium(before)) {
            continue; // of a medium that is shown the rules follow as if they stood alone
        }
        if (before.starts_with('@')) {
            at = end_of_block(text, mark);
            continue;
        }
        const std::size_t end = std::min(text.find('}', at), text.size());
        add_rule(before, text.substr(at, end - at));
        at = std::min(end + 1, text.size());
    }
}

void CssSheet::add_rule(std::string_view selectors, std::string_view body)
{
    Declarations declarations;
    read_declarations(body, [&](CssProperty property, std::string_view value, bool is_important) {
        std::erase_if(declarations, [&](const Declaration& earlier) {
            return earlier.property == property && (is_important || earlier.priority == 0);
        });
        if (std::none_of(declarations.begin(), declarations.end(),
                         [&](const Declaration& other) { return other.property == property; })) {
            declarations.push_back({property, value, is_important ? important : 0});
        }
    });
    while (!declarations.empty() && !selectors.empty()) {
        const std::size_t end = std::min(selectors.find(','), selectors.size());
        add_selector(trim(selectors.substr(0, end)), declarations);
        selectors.remove_prefix(std::min(end + 1, selectors.size()));
    }
}

void CssSheet::add_selector(std::string_view selector, const Declarations& declarations)
{
    const auto weight = weight_of(selector);
    if (!weight) {
        return;
    }
    if (rules_ >= rules_max_) {
        was_cut_ = true;
        return;
    }
    const std::uint64_t priority = (*weight << weight_shift) + ++rules_;
    Declarations& known = rules_of_[std::string{selector}];
    for (Declaration declaration : declarations) {
        declaration.priority += priority;
        const auto earlier =
            std::find_if(known.begin(), known.end(), [&](const Declaration& other) {
                return other.property == declaration.property;
            });
        if (earlier == known.end()) {
            known.push_back(declaration);
        } else if (declaration.priority >= earlier->priority) {
            *earlier = declaration;
        }
    }
}

void CssSheet::apply(const std::string& key, CssStyle& style) const
{
    const auto found = rules_of_.find(key);
    if (found == rules_of_.end()) {
        return;
    }
    for (const Declaration& declaration : found->second) {
        style.declare(declaration.property, declaration.value, declaration.priority);
    }
}

CssStyle CssSheet::style_of(const CssElement& element, std::string_view own) const
{
    CssStyle style;
    if (!rules_of_.empty()) {
        const std::string tag = lower_case(element.tag);
        apply("*", style);
        apply(tag, style);
        const std::string classes = lower_case(element.classes);
        std::string_view rest = trim(classes);
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find_first_of(" \t\r\n\f"), rest.size());
            const std::string key = '.' + std::string{rest.substr(0, end)};
            apply(key, style);
            apply(tag + key, style);
            rest = trim(rest.substr(end));
        }
        if (!element.id.empty()) {
            const std::string key = '#' + lower_case(element.id);
            apply(key, style);
            apply(tag + key, style);
        }
    }
    read_declarations(own, [&](CssProperty property, std::string_view value, bool is_important) {
        style.declare(property, value,
                      (weight_of_own << weight_shift) + (is_important ? important : 0));
    });
    return style;
}

} // namespace watchpost::message
