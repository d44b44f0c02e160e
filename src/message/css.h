// Style sheets, as far as they can hide text: rules with simple selectors, by the cascade.
//
// Selectors are a tag, ".class", "#id", "tag.class", "tag#id", "*", and lists of these; rules with
// others (descendants, attributes, states) are passed over, and so are those of media other than
// "all" and "screen". Time is linear in the size of the sheets. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchpost::message {

/// What can hide text. css.cc has the names in the same order.
enum class CssProperty : std::uint8_t {
    background,
    background_color,
    background_image,
    bottom,
    clip,
    clip_path,
    color,
    display,
    filter,
    font,
    font_size,
    height,
    left,
    margin_left,
    margin_top,
    max_height,
    max_width,
    opacity,
    overflow,
    overflow_x,
    overflow_y,
    position,
    right,
    text_indent,
    top,
    transform,
    visibility,
    width
};
inline constexpr std::size_t css_property_count = static_cast<std::size_t>(CssProperty::width) + 1;

/// Of one element: the declaration that wins for each property. Values are views into the sheet.
class CssStyle {
public:
    /// Empty where nothing is declared. Lower case, trimmed, without "!important".
    [[nodiscard]] std::string_view operator[](CssProperty property) const noexcept
    {
        return declared_[static_cast<std::size_t>(property)].value;
    }
    [[nodiscard]] bool is_empty() const noexcept { return is_empty_; }

    void declare(CssProperty property, std::string_view value, std::uint64_t priority) noexcept;

private:
    struct Declared {
        std::string_view value;
        std::uint64_t priority = 0;
    };
    std::array<Declared, css_property_count> declared_{};
    bool is_empty_ = true;
};

/// Comments and escapes resolved, in lower case: what the functions below read.
[[nodiscard]] std::string clean_css(std::string_view css);

/// "all", "screen" or nothing: not print, not narrow windows.
[[nodiscard]] bool is_screen_medium(std::string_view medium);

/// What an element is known by; all as written.
struct CssElement {
    std::string_view tag;
    std::string_view classes; // separated by white space
    std::string_view id;
};

class CssSheet {
public:
    explicit CssSheet(std::size_t rules_max) : rules_max_{rules_max} {}

    /// One <style>; those that are added later come later in the cascade.
    void add(std::string_view css);

    [[nodiscard]] bool was_cut() const noexcept { return was_cut_; }

    /// Its rules and its own style attribute, which is clean and outlives the style.
    [[nodiscard]] CssStyle style_of(const CssElement& element, std::string_view own) const;

private:
    struct Declaration {
        CssProperty property;
        std::string_view value;
        std::uint64_t priority;
    };
    using Declarations = std::vector<Declaration>;

    void add_rule(std::string_view selectors, std::string_view body);
    void add_selector(std::string_view selector, const Declarations& declarations);
    void apply(const std::string& key, CssStyle& style) const;

    std::size_t rules_max_;
    std::size_t rules_ = 0;
    bool was_cut_ = false;
    std::deque<std::string> texts_;                             // what the values point into
    std::map<std::string, Declarations, std::less<>> rules_of_; // at most one of each property
};

} // namespace watchpost::message
