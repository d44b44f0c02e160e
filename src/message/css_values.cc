#include "message/css_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "message/ascii.h"

namespace watchpost::message {

namespace {

/// The number at the start of `text`, which is taken off.
std::optional<double> take_number(std::string_view& text)
{
    std::string_view rest = text;
    if (rest.starts_with('+')) {
        rest.remove_prefix(1);
    }
    double number = 0;
    const auto [end, error] =
        std::from_chars(rest.data(), rest.data() + rest.size(), number, std::chars_format::fixed);
    if (error != std::errc{} || !std::isfinite(number)) {
        return std::nullopt;
    }
    text = rest.substr(static_cast<std::size_t>(end - rest.data()));
    return number;
}

struct UnitRow {
    std::string_view name;
    CssLength::Unit unit;
    double factor;
};

using enum CssLength::Unit;
constexpr std::array units{
    UnitRow{"px", px, 1},   UnitRow{"pt", px, 4.0 / 3},   UnitRow{"pc", px, 16},
    UnitRow{"in", px, 96},  UnitRow{"cm", px, 96 / 2.54}, UnitRow{"mm", px, 96 / 25.4},
    UnitRow{"em", em, 1},   UnitRow{"rem", px, 16},       UnitRow{"ex", em, 0.5},
    UnitRow{"ch", em, 0.5}, UnitRow{"%", percent, 1},     UnitRow{"", none, 1}};

struct NamedColor {
    std::string_view name;
    std::uint32_t value;
};

// CSS 2 and what is close to white, black or grey: what texts are hidden with.
constexpr std::array named_colors{
    NamedColor{"white", 0xFFFFFF},      NamedColor{"black", 0x000000},
    NamedColor{"silver", 0xC0C0C0},     NamedColor{"gray", 0x808080},
    NamedColor{"grey", 0x808080},       NamedColor{"maroon", 0x800000},
    NamedColor{"red", 0xFF0000},        NamedColor{"purple", 0x800080},
    NamedColor{"fuchsia", 0xFF00FF},    NamedColor{"magenta", 0xFF00FF},
    NamedColor{"green", 0x008000},      NamedColor{"lime", 0x00FF00},
    NamedColor{"olive", 0x808000},      NamedColor{"yellow", 0xFFFF00},
    NamedColor{"navy", 0x000080},       NamedColor{"blue", 0x0000FF},
    NamedColor{"teal", 0x008080},       NamedColor{"aqua", 0x00FFFF},
    NamedColor{"cyan", 0x00FFFF},       NamedColor{"orange", 0xFFA500},
    NamedColor{"snow", 0xFFFAFA},       NamedColor{"ivory", 0xFFFFF0},
    NamedColor{"azure", 0xF0FFFF},      NamedColor{"mintcream", 0xF5FFFA},
    NamedColor{"ghostwhite", 0xF8F8FF}, NamedColor{"floralwhite", 0xFFFAF0},
    NamedColor{"whitesmoke", 0xF5F5F5}, NamedColor{"seashell", 0xFFF5EE},
    NamedColor{"aliceblue", 0xF0F8FF},  NamedColor{"lightyellow", 0xFFFFE0},
    NamedColor{"honeydew", 0xF0FFF0},   NamedColor{"gainsboro", 0xDCDCDC},
    NamedColor{"lightgray", 0xD3D3D3},  NamedColor{"lightgrey", 0xD3D3D3},
    NamedColor{"darkgray", 0xA9A9A9},   NamedColor{"darkgrey", 0xA9A9A9},
    NamedColor{"dimgray", 0x696969},    NamedColor{"dimgrey", 0x696969}};

CssColor to_color(std::uint32_t value)
{
    return {static_cast<int>(value >> 16U & 0xFFU), static_cast<int>(value >> 8U & 0xFFU),
            static_cast<int>(value & 0xFFU)};
}

/// #rgb, #rgba, #rrggbb, #rrggbbaa; `digits` without the sign.
std::optional<CssColor> parse_hex_color(std::string_view digits)
{
    const bool is_short = digits.size() == 3 || digits.size() == 4;
    if (!is_short && digits.size() != 6 && digits.size() != 8) {
        return std::nullopt;
    }
    std::array<int, 4> channels{0, 0, 0, 255};
    const std::size_t width = is_short ? 1 : 2;
    for (std::size_t i = 0; i * width < digits.size(); ++i) {
        const int high = hex_value(digits[i * width]);
        const int low = hex_value(digits[i * width + width - 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        channels.at(i) = high * 16 + low;
    }
    return CssColor{channels[0], channels[1], channels[2], channels[3] / 255.0};
}

/// "255, 255, 255, .5" or "100% 0% 0% / 50%".
std::optional<CssColor> parse_channels(std::string_view list)
{
    std::array<double, 4> channels{0, 0, 0, 1};
    std::size_t count = 0;
    while (count < channels.size()) {
        list.remove_prefix(std::min(list.find_first_not_of(" ,/"), list.size()));
        const auto number = take_number(list);
        if (!number) {
            break;
        }
        const bool is_percent = list.starts_with('%');
        const double whole = count == 3 ? 1 : 255;
        channels.at(count++) = is_percent ? *number / 100 * whole : *number;
        list.remove_prefix(is_percent ? 1 : 0);
    }
    if (count < 3) {
        return std::nullopt;
    }
    const auto channel = [&](std::size_t i) {
        return static_cast<int>(std::clamp(channels.at(i), 0.0, 255.0));
    };
    return CssColor{channel(0), channel(1), channel(2), channels[3]};
}

} // namespace

double CssLength::to_px(double em_px, double whole_px) const noexcept
{
    switch (unit) {
    case Unit::em:
        return number * em_px;
    case Unit::percent:
        return number / 100 * whole_px;
    case Unit::px:
    case Unit::none:
        return number;
    }
    return number;
}

std::optional<CssLength> parse_css_length(std::string_view value)
{
    value = trim(value);
    const auto number = take_number(value);
    if (!number) {
        return std::nullopt;
    }
    const auto row = std::find_if(units.begin(), units.end(),
                                  [&](const UnitRow& unit) { return unit.name == value; });
    if (row == units.end()) {
        return std::nullopt;
    }
    return CssLength{*number * row->factor, row->unit};
}

std::optional<CssColor> parse_css_color(std::string_view value)
{
    value = trim(value);
    if (value.starts_with('#')) {
        return parse_hex_color(value.substr(1));
    }
    if (value == "transparent") {
        return CssColor{0, 0, 0, 0};
    }
    if (value.starts_with("rgb(") || value.starts_with("rgba(")) {
        return parse_channels(value.substr(value.find('(') + 1));
    }
    const auto named = std::find_if(named_colors.begin(), named_colors.end(),
                                    [&](const NamedColor& color) { return color.name == value; });
    return named == named_colors.end() ? std::nullopt : std::optional{to_color(named->value)};
}

bool look_alike(const CssColor& a, const CssColor& b) noexcept
{
    constexpr int difference_max = 10; // of 255, each channel
    return std::abs(a.red - b.red) <= difference_max &&
           std::abs(a.green - b.green) <= difference_max &&
           std::abs(a.blue - b.blue) <= difference_max;
}

} // namespace watchpost::message
