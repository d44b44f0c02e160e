// The values of CSS that decide whether a text can be seen: lengths and colours. Values are lower
// case and without comments (css.h). Pure, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace watchpost::message {

/// A length or a plain number; what it counts in is pixels of CSS where the unit is absolute.
struct CssLength {
    enum class Unit : std::uint8_t { px, em, percent, none };
    double number = 0;
    Unit unit = Unit::none;

    /// `em_px` is the size of the font it counts in; a percentage counts in `whole_px`.
    [[nodiscard]] double to_px(double em_px, double whole_px) const noexcept;
};

/// nullopt for words, functions and units that depend on the window.
[[nodiscard]] std::optional<CssLength> parse_css_length(std::string_view value);

struct CssColor {
    int red = 0;
    int green = 0;
    int blue = 0;
    double alpha = 1;
};

/// #rgb, #rrggbb, rgb(), rgba(), "transparent" and the names in use; nullopt for all others.
[[nodiscard]] std::optional<CssColor> parse_css_color(std::string_view value);

/// Nobody can tell text of the one colour from a background of the other.
[[nodiscard]] bool look_alike(const CssColor& a, const CssColor& b) noexcept;

} // namespace watchpost::message
