#include "inspect/engines/attachment/file_name.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/ascii.h"
#include "inspect/engines/attachment/utf8.h"

namespace watchpost::inspect::attachment {

namespace {

constexpr std::size_t padding_min = 8;          // blanks in a row that nobody types
constexpr std::size_t extension_bytes_max = 24; // "searchconnector-ms" is the longest we know

/// Unicode Standard Annex 9 §2: embeddings, overrides and isolates. The marks (U+200E, U+200F,
/// U+061C) are left out: honest names in Arabic and Hebrew have them.
bool is_direction_control(char32_t c) noexcept
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/// Joiners (U+200C, U+200D) and variation selectors are left out: scripts and emoji need them.
bool is_invisible(char32_t c) noexcept
{
    return (c < 0x20 && c != '\t') || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x200B ||
           c == 0x2060 || c == 0xFEFF || c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 ||
           c == 0x180E || (c >= 0x2061 && c <= 0x2064) || (c >= 0xE0000 && c <= 0xE007F);
}

bool is_blank(char32_t c) noexcept
{
    return c == ' ' || c == '\t' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
           c == 0x205F || c == 0x3000 || c == 0x2800;
}

std::u32string last_component(std::string_view name)
{
    const auto cut = name.find_last_of("/\\");
    std::u32string text =
        to_code_points(cut == std::string_view::npos ? name : name.substr(cut + 1));
    // NTFS: "a.exe::$DATA" names the file itself.
    if (const auto stream = text.find(U"::$"); stream != std::u32string::npos) {
        text.resize(stream);
    }
    return text;
}

void drop_tail(std::u32string& text)
{
    while (!text.empty() && (text.back() == '.' || is_blank(text.back()))) {
        text.pop_back();
    }
}

/// Cuts the extension off `text` and returns it; both without trailing dots and blanks.
std::string cut_extension(std::u32string& text)
{
    drop_tail(text);
    const auto dot = text.rfind(U'.');
    if (dot == std::u32string::npos || text.size() - dot - 1 > extension_bytes_max) {
        return {};
    }
    std::string extension;
    for (const char32_t c : std::u32string_view{text}.substr(dot + 1)) {
        extension += c < 0x80 ? base::to_lower(static_cast<char>(c)) : '?';
    }
    text.resize(dot);
    return extension;
}

bool has_long_run_of_blanks(std::u32string_view text) noexcept
{
    std::size_t run = 0;
    return std::ranges::any_of(text, [&](char32_t c) {
        run = is_blank(c) ? run + 1 : 0;
        return run >= padding_min;
    });
}

} // namespace

FileName FileName::read(std::string_view name)
{
    std::u32string text = last_component(name);
    FileName result;
    result.turns_direction = std::ranges::any_of(text, is_direction_control);
    result.has_invisible_characters = std::ranges::any_of(text, is_invisible);
    std::erase_if(text, [](char32_t c) { return is_direction_control(c) || is_invisible(c); });

    const bool has_padding = has_long_run_of_blanks(text);
    result.extension = cut_extension(text);
    result.kind = kind_of_extension(result.extension);
    if (!is_active(result.kind)) {
        return result;
    }
    result.is_padded = has_padding;
    const std::string shown = cut_extension(text);
    result.has_double_extension = !text.empty() && is_harmless_to_the_eye(kind_of_extension(shown));
    return result;
}

} // namespace watchpost::inspect::attachment
