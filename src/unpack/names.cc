#include "unpack/names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "diag/quote.h"
#include "unpack/little_endian.h"

namespace watchpost::unpack {
namespace {

// Code page 437, 0x80 to 0xFF, as the zip specification (APPNOTE, appendix D) names it.
constexpr std::u16string_view code_page_437 =
    u"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
    u"└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0";
static_assert(code_page_437.size() == 128);

void append_utf8(std::string& text, char32_t code)
{
    const auto add = [&text](char32_t octet) { text.push_back(static_cast<char>(octet)); };
    if (code < 0x80) {
        add(code);
    } else if (code < 0x800) {
        add(0xC0U | (code >> 6U));
        add(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        add(0xE0U | (code >> 12U));
        add(0x80U | ((code >> 6U) & 0x3FU));
        add(0x80U | (code & 0x3FU));
    } else {
        add(0xF0U | (code >> 18U));
        add(0x80U | ((code >> 12U) & 0x3FU));
        add(0x80U | ((code >> 6U) & 0x3FU));
        add(0x80U | (code & 0x3FU));
    }
}

constexpr bool is_high_surrogate(char16_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

constexpr bool is_low_surrogate(char16_t unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

bool ends_with_letters(std::string_view name, std::string_view suffix)
{
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == b;
    };
    return name.size() > suffix.size() &&
           std::ranges::equal(name.substr(name.size() - suffix.size()), suffix, same);
}

} // namespace

std::string name_from_octets(std::string_view octets)
{
    if (diag::to_valid_utf8(octets) == octets) {
        return std::string{octets};
    }
    std::string name;
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        append_utf8(name, octet < 0x80 ? octet : code_page_437[octet - 0x80U]);
    }
    return name;
}

std::string name_from_utf16(std::u16string_view units)
{
    std::string name;
    for (std::size_t i = 0; i < units.size(); ++i) {
        const char16_t unit = units[i];
        if (is_high_surrogate(unit) && i + 1 < units.size() && is_low_surrogate(units[i + 1])) {
            const char32_t high = unit - 0xD800U;
            append_utf8(name, 0x10000U + (high << 10U) + (units[i + 1] - 0xDC00U));
            ++i;
        } else if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
            append_utf8(name, 0xFFFD);
        } else {
            append_utf8(name, unit);
        }
    }
    return name;
}

std::string name_until_nul(base::ByteView bytes)
{
    const auto text = base::as_text(bytes);
    return name_from_octets(text.substr(0, text.find('\0')));
}

std::string wide_name_until_nul(base::ByteView bytes)
{
    std::u16string units;
    for (std::size_t at = 0; at + 1 < bytes.size() && u16_at(bytes, at) != 0; at += 2) {
        units.push_back(u16_at(bytes, at));
    }
    return name_from_utf16(units);
}

std::string name_without_compression(std::string_view filename)
{
    constexpr auto to_tar = std::to_array<std::string_view>(
        {".tgz", ".taz", ".tbz", ".tbz2", ".tb2", ".txz", ".tlz", ".tzst"});
    constexpr auto dropped = std::to_array<std::string_view>(
        {".gz", ".gzip", ".bz2", ".bz", ".xz", ".lzma", ".lz", ".zst", ".zstd", ".lz4", ".z"});
    for (const auto suffix : to_tar) {
        if (ends_with_letters(filename, suffix)) {
            return std::string{filename.substr(0, filename.size() - suffix.size())} + ".tar";
        }
    }
    for (const auto suffix : dropped) {
        if (ends_with_letters(filename, suffix)) {
            return std::string{filename.substr(0, filename.size() - suffix.size())};
        }
    }
    return std::string{filename};
}

} // namespace watchpost::unpack
