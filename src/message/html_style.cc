#include "message/html_style.h"

#include <algorithm>
#include <array>
#include <utility>

#include "message/ascii.h"

namespace watchpost::message {

namespace {

using enum CssProperty;

constexpr double font_px_unreadable = 2.0;
constexpr double opacity_unseen = 0.05;
constexpr double far_outside_px = 400;  // to the left or above: no window scrolls there
constexpr double far_beyond_px = 4'000; // to the right or below
constexpr double no_room_px = 1;
constexpr double default_font_px = 16;

constexpr std::array<std::string_view, 9> way_names{"display",   "visibility", "opacity",
                                                    "font_size", "color",      "position",
                                                    "clipping",  "attribute",  "characters"};

struct SizeWord {
    std::string_view word;
    double factor; // of the default size, of the parent's where is_relative
    bool is_relative = false;
};

constexpr std::array size_words{
    SizeWord{"xx-small", 0.5625}, SizeWord{"x-small", 0.625},      SizeWord{"small", 0.8125},
    SizeWord{"medium", 1},        SizeWord{"large", 1.125},        SizeWord{"x-large", 1.5},
    SizeWord{"xx-large", 2},      SizeWord{"smaller", 0.83, true}, SizeWord{"larger", 1.2, true}};

std::optional<double> font_size_of(std::string_view value, double parent_px)
{
    const auto word = std::find_if(size_words.begin(), size_words.end(),
                                   [&](const SizeWord& row) { return row.word == value; });
    if (word != size_words.end()) {
        return word->factor * (word->is_relative ? parent_px : default_font_px);
    }
    const auto length = parse_css_length(value);
    return length ? std::optional{length->to_px(parent_px, parent_px)} : std::nullopt;
}

/// The size in "bold 12px/1.2 Arial": the first word that is one. A number without a unit is a
/// weight, unless it is 0.
std::optional<double> font_size_of_shorthand(std::string_view font, double parent_px)
{
    while (!font.empty()) {
        const std::size_t end = std::min(font.find(' '), font.size());
        std::string_view word = font.substr(0, end);
        word = word.substr(0, word.find('/'));
        const auto length = parse_css_length(word);
        const bool is_weight =
            length && length->unit == CssLength::Unit::none && length->number != 0;
        if (!is_weight) {
            if (const auto size = font_size_of(word, parent_px)) {
                return size;
            }
        }
        font = trim(font.substr(end));
    }
    return std::nullopt;
}

/// The number that follows `start` in "translate(-9999px, 0)".
std::optional<double> argument_of(std::string_view value, std::string_view start)
{
    const std::size_t at = value.find(start);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view rest = value.substr(at + start.size());
    const auto length = parse_css_length(rest.substr(0, rest.find_first_of(",) ")));
    return length ? std::optional{length->to_px(default_font_px, 100)} : std::nullopt;
}

bool is_far(const std::optional<double>& px)
{
    return px && (*px <= -far_outside_px || *px >= far_beyond_px);
}

std::optional<double> px_of(std::string_view value, double font_px)
{
    const auto length = parse_css_length(value);
    // A percentage counts in what surrounds it, of which only 0 is known.
    if (!length || (length->unit == CssLength::Unit::percent && length->number != 0)) {
        return std::nullopt;
    }
    return length->to_px(font_px, 0);
}

bool hides_overflow(const CssStyle& style)
{
    const auto hides = [](std::string_view value) {
        return value.starts_with("hidden") || value.starts_with("clip");
    };
    return hides(style[overflow]) || hides(style[overflow_x]) || hides(style[overflow_y]);
}

/// A shape without area: "rect(0, 0, 0, 0)", "rect(1px,1px,1px,1px)".
bool is_empty_clip(std::string_view value)
{
    if (!value.starts_with("rect(")) {
        return false;
    }
    const std::string_view numbers = value.substr(value.find('(') + 1);
    return numbers.find_first_not_of("01px ,)") == std::string_view::npos;
}

bool is_empty_clip_path(std::string_view value)
{
    const auto inset = argument_of(value, "inset(");
    return (inset && *inset >= 50 && value.find('%') != std::string_view::npos) ||
           value.starts_with("circle(0");
}

} // namespace

std::vector<std::string> HidingWays::names() const
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < way_names.size(); ++i) {
        if (has(static_cast<HidingWay>(i))) {
            names.emplace_back(way_names.at(i));
        }
    }
    return names;
}

void HtmlRendering::apply_attributes(const HtmlPresentation& attributes)
{
    if (attributes.is_hidden) {
        inherited_.add(HidingWay::attribute);
    }
    if (attributes.resets_font) {
        font_px_ = default_font_px;
        color_ = CssColor{0, 0, 0, 1};
    }
    if (attributes.is_link) {
        color_ = CssColor{0, 0, 0xEE, 1};
    }
    if (!attributes.color.empty()) {
        color_ = parse_css_color(lower_case(attributes.color));
    }
    if (attributes.has_picture) {
        background_.reset();
    } else if (!attributes.background.empty()) {
        background_ = parse_css_color(lower_case(attributes.background));
    }
    if (!attributes.size.empty()) {
        font_px_ = default_font_px; // no size of <font> is too small to be read
    }
}

void HtmlRendering::apply_font(const CssStyle& style)
{
    const std::string_view size = style[font_size];
    const auto px =
        size.empty() ? font_size_of_shorthand(style[font], font_px_) : font_size_of(size, font_px_);
    font_px_ = px.value_or(font_px_);
}

namespace {

/// The first of "rgb(0, 0, 0) none" or "white url(…)".
std::string_view first_value(std::string_view values)
{
    const std::size_t bracket = values.find(')');
    return values.substr(0, bracket == std::string_view::npos ? values.find(' ') : bracket + 1);
}

} // namespace

void HtmlRendering::apply_colors(const CssStyle& style)
{
    const std::string_view own = style[color];
    if (!own.empty() && own != "inherit") {
        color_ = parse_css_color(own);
    }
    for (const auto property : {background, background_color}) {
        const std::string_view value = style[property];
        if (value.empty() || value == "none" || value == "inherit") {
            continue;
        }
        const auto parsed = parse_css_color(first_value(value));
        if (!parsed || parsed->alpha > 0) {
            const bool is_opaque = parsed && parsed->alpha >= 1;
            const bool has_picture = value.find("url(") != std::string_view::npos ||
                                     value.find("gradient(") != std::string_view::npos;
            background_ = is_opaque && !has_picture ? parsed : std::nullopt;
        }
    }
    const std::string_view image = style[background_image];
    if (!image.empty() && image != "none") {
        background_.reset();
    }
}

void HtmlRendering::apply_place(const CssStyle& style)
{
    const std::string_view place = style[position];
    const bool is_placed = place == "absolute" || place == "fixed" || place == "relative";
    for (const auto property : {left, top, right, bottom}) {
        if (is_placed && is_far(px_of(style[property], font_px_))) {
            inherited_.add(HidingWay::position);
        }
    }
    for (const auto property : {text_indent, margin_left, margin_top}) {
        if (is_far(px_of(style[property], font_px_))) {
            inherited_.add(HidingWay::position);
        }
    }
    const std::string_view moves = style[transform];
    for (const std::string_view start : {"translate(", "translatex(", "translatey("}) {
        if (is_far(argument_of(moves, start))) {
            inherited_.add(HidingWay::position);
        }
    }
    if (const auto scale = argument_of(moves, "scale("); scale && *scale < opacity_unseen) {
        inherited_.add(HidingWay::clipping);
    }
}

void HtmlRendering::apply_box(const CssStyle& style)
{
    for (const auto property : {height, max_height, width, max_width}) {
        const auto px = px_of(style[property], font_px_);
        if (px && *px <= no_room_px && hides_overflow(style)) {
            inherited_.add(HidingWay::clipping);
        }
    }
    if (is_empty_clip(style[clip]) || is_empty_clip_path(style[clip_path])) {
        inherited_.add(HidingWay::clipping);
    }
}

HtmlRendering HtmlRendering::child(const HtmlPresentation& attributes, const CssStyle& style) const
{
    HtmlRendering result = *this;
    result.apply_attributes(attributes);
    if (style.is_empty()) {
        return result;
    }
    if (style[display] == "none") {
        result.inherited_.add(HidingWay::display);
    }
    const std::string_view seen = style[visibility];
    if (seen == "hidden" || seen == "collapse") {
        result.is_invisible_ = true;
    } else if (seen == "visible") {
        result.is_invisible_ = false;
    }
    if (const auto share = parse_css_length(style[opacity])) {
        result.opacity_ *= std::clamp(share->to_px(1, 1), 0.0, 1.0);
    }
    for (const std::string_view start : {"opacity(", "opacity="}) {
        const auto share = argument_of(style[CssProperty::filter], start);
        result.opacity_ *= share && *share <= 0 ? 0 : 1;
    }
    result.apply_font(style);
    result.apply_colors(style);
    result.apply_place(style);
    result.apply_box(style);
    return result;
}

HidingWays HtmlRendering::hidden_by() const noexcept
{
    HidingWays ways = inherited_;
    if (is_invisible_) {
        ways.add(HidingWay::visibility);
    }
    if (opacity_ <= opacity_unseen) {
        ways.add(HidingWay::opacity);
    }
    if (font_px_ <= font_px_unreadable) {
        ways.add(HidingWay::font_size);
    }
    const bool is_clear = color_ && color_->alpha <= opacity_unseen;
    if (is_clear || (color_ && background_ && look_alike(*color_, *background_))) {
        ways.add(HidingWay::color);
    }
    return ways;
}

} // namespace watchpost::message
