// Whether the text of an element can be seen: what it inherits, and what its style makes of it.
//
// After the cascade of CSS 2.2, as far as text can be hidden with it, and the attributes of old
// HTML that do the same. What cannot be known (pictures behind a text, sizes that depend on the
// window) hides nothing. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "message/css.h"
#include "message/css_values.h"

namespace watchpost::message {

/// How a text was kept from the reader's eye; names in html_style.cc.
enum class HidingWay : std::uint8_t {
    display,
    visibility,
    opacity,
    font_size,
    color,     // that of the background
    position,  // outside of the window
    clipping,  // a box without room, whose overflow is not shown
    attribute, // hidden
    characters // that have no picture of their own
};

class HidingWays {
public:
    void add(HidingWay way) noexcept { bits_ |= bit(way); }
    void add(HidingWays others) noexcept { bits_ |= others.bits_; }
    [[nodiscard]] bool any() const noexcept { return bits_ != 0; }
    [[nodiscard]] bool has(HidingWay way) const noexcept { return (bits_ & bit(way)) != 0; }
    /// "display", "font_size" …, in the order of the enumeration.
    [[nodiscard]] std::vector<std::string> names() const;

private:
    static std::uint16_t bit(HidingWay way) noexcept
    {
        return static_cast<std::uint16_t>(1U << static_cast<unsigned>(way));
    }
    std::uint16_t bits_ = 0;
};

/// What old HTML says by attributes; empty where it does not.
struct HtmlPresentation {
    bool is_hidden = false;      // the attribute "hidden"
    bool is_link = false;        // <a href>: has a colour of its own
    bool resets_font = false;    // <table> where the document is read as of old
    bool has_picture = false;    // background=
    std::string_view color;      // of <font>, text= of <body>
    std::string_view background; // bgcolor=
    std::string_view size;       // of <font>
};

/// How an element's own text is shown. Copied from parent to child.
class HtmlRendering {
public:
    /// Of the document: black on white.
    HtmlRendering() = default;

    /// Of a child. Attributes are as written.
    [[nodiscard]] HtmlRendering child(const HtmlPresentation& attributes,
                                      const CssStyle& style) const;

    /// Empty where its text can be seen.
    [[nodiscard]] HidingWays hidden_by() const noexcept;

private:
    void apply_attributes(const HtmlPresentation& attributes);
    void apply_font(const CssStyle& style);
    void apply_colors(const CssStyle& style);
    void apply_place(const CssStyle& style);
    void apply_box(const CssStyle& style);

    HidingWays inherited_; // what no child can undo
    bool is_invisible_ = false;
    double opacity_ = 1;
    double font_px_ = 16;
    std::optional<CssColor> color_ = CssColor{0, 0, 0, 1};            // nullopt: unknown
    std::optional<CssColor> background_ = CssColor{255, 255, 255, 1}; // nullopt: unknown
};

} // namespace watchpost::message
