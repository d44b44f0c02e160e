#include "barcodes/block_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace watchpost::barcodes {

namespace {

constexpr std::size_t lines_min = 10; // half a code of 21 modules
constexpr std::size_t marks_of_line_min = 3;
constexpr std::size_t marks_of_picture_min = 60;

/// What a cell of 2 by 2 quarters shows: bits 8 4 over 2 1. A full block has all.
struct Glyph {
    char32_t character;
    std::uint8_t quarters;
    bool is_wide;
};

constexpr std::array glyphs{
    Glyph{U'\u2580', 0b1100, false}, Glyph{U'\u2584', 0b0011, false},
    Glyph{U'\u2588', 0b1111, false}, Glyph{U'\u258C', 0b1010, false},
    Glyph{U'\u2590', 0b0101, false}, Glyph{U'\u2592', 0b1111, false},
    Glyph{U'\u2593', 0b1111, false}, Glyph{U'\u2596', 0b0010, false},
    Glyph{U'\u2597', 0b0001, false}, Glyph{U'\u2598', 0b1000, false},
    Glyph{U'\u2599', 0b1011, false}, Glyph{U'\u259A', 0b1001, false},
    Glyph{U'\u259B', 0b1110, false}, Glyph{U'\u259C', 0b1101, false},
    Glyph{U'\u259D', 0b0100, false}, Glyph{U'\u259E', 0b0110, false},
    Glyph{U'\u259F', 0b0111, false}, Glyph{U'\u25A0', 0b1111, false},
    Glyph{U'\u25FC', 0b1111, false}, Glyph{U'\u2B1B', 0b1111, true},
    Glyph{U'\u2B1C', 0b0000, true},  Glyph{U'\u3000', 0b0000, true},
    Glyph{U'#', 0b1111, false},
};

struct Cell {
    std::uint8_t quarters = 0;
    bool is_wide = false;
    bool is_mark = false;
};

Cell to_cell(char32_t character)
{
    const auto* const glyph = std::ranges::find(glyphs, character, &Glyph::character);
    if (glyph == glyphs.end()) {
        return {};
    }
    return {glyph->quarters, glyph->is_wide, glyph->quarters != 0 || character == U'\u2B1C'};
}

/// The next character of UTF-8, taken off; what is no UTF-8 counts octet by octet.
char32_t take_character(std::string_view& text)
{
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first >= 0xf0U ? 4 : first >= 0xe0U ? 3 : first >= 0xc0U ? 2 : 1;
    if (length == 1 || text.size() < length) {
        text.remove_prefix(1);
        return first;
    }
    char32_t character = first & (0x7fU >> length);
    for (const char c : text.substr(1, length - 1)) {
        character = character << 6U | (static_cast<unsigned char>(c) & 0x3fU);
    }
    text.remove_prefix(length);
    return character;
}

struct Line {
    std::vector<Cell> cells; // a wide character is two
    std::size_t marks = 0;
};

Line read_line(std::string_view text)
{
    Line line;
    const bool is_of_hashes = text.find_first_not_of("# \t\r") == std::string_view::npos;
    while (!text.empty() && line.cells.size() < text_columns_max) {
        const char32_t character = take_character(text);
        const Cell cell = character == U'#' && !is_of_hashes ? Cell{} : to_cell(character);
        if (character == U'\r' || character == U'\ufe0f') { // a selector of the emoji before it
            continue;
        }
        line.cells.push_back(cell);
        if (cell.is_wide) {
            line.cells.push_back(cell);
        }
        line.marks += cell.is_mark ? 1 : 0;
    }
    return line;
}

/// Four pixels a quarter from top to bottom; `quarter_width` says whether cells are square.
images::GreyImage draw(const std::vector<Line>& lines, std::size_t quarter_width)
{
    constexpr std::size_t quarter_height = 4;
    std::size_t columns = 0;
    for (const Line& line : lines) {
        columns = std::max(columns, line.cells.size());
    }
    images::GreyImage image{columns * 2 * quarter_width, lines.size() * 2 * quarter_height, 255};
    for (std::size_t y = 0; y < image.height; ++y) {
        const auto& cells = lines[y / (2 * quarter_height)].cells;
        const unsigned row_shift = y / quarter_height % 2 == 0 ? 2 : 0;
        for (std::size_t x = 0; x < cells.size() * 2 * quarter_width; ++x) {
            const auto& cell = cells[x / (2 * quarter_width)];
            const unsigned shift = row_shift + (x / quarter_width % 2 == 0 ? 1 : 0);
            if ((cell.quarters >> shift & 1U) != 0) {
                image.at(x, y) = 0;
            }
        }
    }
    return image;
}

class Pictures {
public:
    void take(Line line)
    {
        if (line.marks < marks_of_line_min || lines_.size() >= text_lines_max) {
            finish();
        }
        if (line.marks >= marks_of_line_min) {
            marks_ += line.marks;
            lines_.push_back(std::move(line));
        }
    }

    void finish()
    {
        const bool is_picture = lines_.size() >= lines_min && marks_ >= marks_of_picture_min &&
                                images_.size() < 2 * text_pictures_max;
        if (is_picture) {
            images_.push_back(draw(lines_, 2));
            images_.push_back(draw(lines_, 4));
        }
        lines_.clear();
        marks_ = 0;
    }

    [[nodiscard]] std::vector<images::GreyImage> images() && { return std::move(images_); }

private:
    std::vector<Line> lines_;
    std::size_t marks_ = 0;
    std::vector<images::GreyImage> images_;
};

/// Does the text hold any of the characters at all? Nearly none does.
bool may_draw(std::string_view text)
{
    return text.find("\xe2\x96") != std::string_view::npos ||
           text.find("\xe2\xac\x9b") != std::string_view::npos ||
           text.find("\xe2\x97\xbc") != std::string_view::npos ||
           text.find("####") != std::string_view::npos;
}

} // namespace

std::vector<images::GreyImage> draw_block_text(std::string_view text)
{
    Pictures pictures;
    if (!may_draw(text)) {
        return {};
    }
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        pictures.take(read_line(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    pictures.finish();
    return std::move(pictures).images();
}

} // namespace watchpost::barcodes
