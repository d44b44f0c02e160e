#include "message/invisible.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "message/ascii.h"

namespace watchpost::message {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// Unicode: Default_Ignorable_Code_Point, and blanks that have no width or fill nothing.
constexpr std::array ranges{
    Range{0x00AD, 0x00AD},  Range{0x034F, 0x034F}, Range{0x061C, 0x061C},   Range{0x115F, 0x1160},
    Range{0x17B4, 0x17B5},  Range{0x180B, 0x180F}, Range{0x200B, 0x200F},   Range{0x202A, 0x202E},
    Range{0x2060, 0x206F},  Range{0x3164, 0x3164}, Range{0xFE00, 0xFE0F},   Range{0xFEFF, 0xFEFF},
    Range{0xFFA0, 0xFFA0},  Range{0xFFF0, 0xFFF8}, Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A},
    Range{0xE0000, 0xE0FFF}};

constexpr char32_t tag_first = 0xE0020;
constexpr char32_t tag_last = 0xE007E;
constexpr char32_t black_flag = 0x1F3F4; // flags of regions are spelled with tags behind it

bool is_invisible(char32_t c)
{
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const Range& range) { return c >= range.first && c <= range.last; });
}

/// What scripts and emoji need between their characters.
bool joins(char32_t c)
{
    return c == 0x200C || c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F) ||
           (c >= 0x180B && c <= 0x180F);
}

/// One character of valid UTF-8, 1 to 4 octets; of what is none the first octet.
struct Character {
    char32_t value;
    std::size_t size;
};

Character character_at(std::string_view text, std::size_t at)
{
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned lead = octet(0);
    const std::size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (size == 1 || at + size > text.size()) {
        return {lead, 1};
    }
    char32_t value = lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        value = value << 6U | (octet(i) & 0x3FU);
    }
    return {value, size};
}

} // namespace

bool may_have_invisible(std::string_view text) noexcept
{
    return has_eight_bit(text);
}

SeenText without_invisible(std::string_view text)
{
    SeenText seen;
    seen.text.reserve(text.size());
    char32_t before = 0; // the last character that is seen
    for (std::size_t at = 0; at < text.size();) {
        const auto [value, size] = character_at(text, at);
        const bool is_needed =
            (joins(value) && before >= 0x80 && before != 0xA0) ||
            (value >= tag_first && value <= tag_last + 1 && before == black_flag);
        if (is_needed || !is_invisible(value)) {
            seen.text += text.substr(at, size);
            before = is_needed ? before : value;
        } else {
            ++seen.removed;
            if (value >= tag_first && value <= tag_last) {
                seen.tagged += static_cast<char>(value - 0xE0000);
            }
        }
        at += size;
    }
    return seen;
}

} // namespace watchpost::message
