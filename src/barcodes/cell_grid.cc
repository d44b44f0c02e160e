#include "barcodes/cell_grid.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "base/ascii.h"

namespace watchpost::barcodes {

namespace {

constexpr std::uint8_t white = 255;

struct NamedShade {
    std::string_view name;
    std::uint8_t shade;
};

constexpr std::array named_shades{
    NamedShade{"black", 0},  NamedShade{"white", white}, NamedShade{"navy", 14},
    NamedShade{"gray", 128}, NamedShade{"silver", 192},  NamedShade{"transparent", white},
};

/// "#rgb" and "#rrggbb", the hash may be missing.
std::optional<std::uint8_t> parse_hexadecimal(std::string_view text)
{
    if (text.starts_with('#')) {
        text.remove_prefix(1);
    }
    if ((text.size() != 3 && text.size() != 6) ||
        std::ranges::any_of(text, [](char c) { return base::hex_value(c) < 0; })) {
        return std::nullopt;
    }
    const std::size_t digits = text.size() / 3;
    const auto part = [&](std::size_t i) {
        const int high = base::hex_value(text[i * digits]);
        const int low = base::hex_value(text[i * digits + digits - 1]);
        return static_cast<unsigned>(high * 16 + low);
    };
    return images::to_grey(part(0), part(1), part(2));
}

/// "rgb(0, 0, 0)" and "rgba(0 0 0 / 1)".
std::optional<std::uint8_t> parse_function(std::string_view text)
{
    std::array<unsigned, 3> parts{};
    for (unsigned& part : parts) {
        const auto digit = text.find_first_of("0123456789");
        if (digit == std::string_view::npos) {
            return std::nullopt;
        }
        text.remove_prefix(digit);
        const auto number = text.substr(0, text.find_first_not_of("0123456789"));
        // NOLINTNEXTLINE(*-pointer-arithmetic)
        std::from_chars(number.data(), number.data() + number.size(), part);
        part = std::min(part, 255U);
        text.remove_prefix(number.size());
    }
    return images::to_grey(parts[0], parts[1], parts[2]);
}

std::optional<std::uint8_t> parse_colour(std::string_view text)
{
    while (!text.empty() && text.front() == ' ') {
        text.remove_prefix(1);
    }
    if (base::starts_ignoring_case(text, "rgb")) {
        return parse_function(text);
    }
    text = text.substr(0, text.find_first_of(" ;!"));
    for (const auto& [name, shade] : named_shades) {
        if (base::equals_ignoring_case(text, name)) {
            return shade;
        }
    }
    return parse_hexadecimal(text);
}

/// The value of an attribute, in quotes or without; empty where it is missing.
std::string_view attribute(std::string_view tag, std::string_view name)
{
    for (std::size_t at = 1; at + name.size() < tag.size(); ++at) {
        const bool is_start = tag[at - 1] == ' ' || tag[at - 1] == '\n' || tag[at - 1] == '\t' ||
                              tag[at - 1] == '"' || tag[at - 1] == '\'';
        if (!is_start || tag[at + name.size()] != '=' ||
            !base::starts_ignoring_case(tag.substr(at), name)) {
            continue;
        }
        std::string_view value = tag.substr(at + name.size() + 1);
        if (!value.empty() && (value.front() == '"' || value.front() == '\'')) {
            const char quote = value.front();
            value.remove_prefix(1);
            return value.substr(0, value.find(quote));
        }
        return value.substr(0, value.find_first_of(" \t\n"));
    }
    return {};
}

std::optional<std::uint8_t> background_of(std::string_view tag)
{
    const std::string style = base::lower_case(attribute(tag, "style"));
    for (const std::string_view property : {"background-color:", "background:"}) {
        const auto at = style.find(property);
        if (at != std::string::npos) {
            if (const auto shade =
                    parse_colour(std::string_view{style}.substr(at + property.size()))) {
                return shade;
            }
        }
    }
    const auto plain = attribute(tag, "bgcolor");
    return plain.empty() ? std::nullopt : parse_colour(plain);
}

std::size_t columns_of(std::string_view tag)
{
    const auto text = attribute(tag, "colspan");
    std::size_t count = 1;
    std::from_chars(text.data(), text.data() + text.size(), count); // NOLINT(*-pointer-arithmetic)
    return std::clamp<std::size_t>(count, 1, grid_side_max);
}

class Grids {
public:
    void take(std::string_view tag)
    {
        if (is(tag, "table") || is(tag, "/table")) {
            finish();
        } else if (is(tag, "tr")) {
            row_shade_ = background_of(tag).value_or(white);
            if (rows_.size() < grid_side_max) {
                rows_.emplace_back();
            }
        } else if ((is(tag, "td") || is(tag, "th")) && !rows_.empty()) {
            auto& row = rows_.back();
            const auto room = grid_side_max - row.size();
            row.insert(row.end(), std::min(columns_of(tag), room),
                       background_of(tag).value_or(row_shade_));
        }
    }

    void finish()
    {
        std::size_t width = 0;
        std::uint8_t darkest = white;
        std::erase_if(rows_, [](const auto& row) { return row.size() < grid_side_min; });
        for (const auto& row : rows_) {
            width = std::max(width, row.size());
            darkest = std::min(darkest, *std::ranges::min_element(row));
        }
        if (rows_.size() >= grid_side_min && darkest < 128 && grids_.size() < grids_max) {
            images::GreyImage grid{width, rows_.size(), white};
            for (std::size_t y = 0; y < rows_.size(); ++y) {
                std::ranges::copy(rows_[y],
                                  grid.pixels.begin() + static_cast<std::ptrdiff_t>(y * width));
            }
            grids_.push_back(std::move(grid));
        }
        rows_.clear();
    }

    [[nodiscard]] std::vector<images::GreyImage> grids() && { return std::move(grids_); }

private:
    static bool is(std::string_view tag, std::string_view name)
    {
        return base::starts_ignoring_case(tag, name) &&
               (tag.size() == name.size() || !base::is_alnum(tag[name.size()]));
    }

    std::vector<std::vector<std::uint8_t>> rows_;
    std::uint8_t row_shade_ = white;
    std::vector<images::GreyImage> grids_;
};

} // namespace

std::vector<images::GreyImage> read_cell_grids(std::string_view html)
{
    Grids grids;
    for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<', at)) {
        const auto tag = html.substr(at + 1);
        if (tag.empty() || (tag.front() != '/' && !base::is_alpha(tag.front()))) {
            ++at; // no tag: one may begin right behind
            continue;
        }
        const auto end = std::min(tag.find('>'), tag.size());
        grids.take(tag.substr(0, end));
        at += 1 + end; // each octet is of one tag at most
    }
    grids.finish();
    return std::move(grids).grids();
}

} // namespace watchpost::barcodes
