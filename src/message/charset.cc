#include "message/charset.h"

#include <array>
#include <cstdint>
#include <memory>

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>

#include "diag/quote.h"
#include "message/ascii.h"

namespace watchpost::message {

namespace {

constexpr std::size_t charset_name_bytes_max = 64;

// Code points of 0x80 to 0x9f in Windows-1252; the five holes map to themselves, as browsers do.
constexpr std::array<std::uint16_t, 32> windows_1252_c1{
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178};

/// Code points of Windows-1252 all lie below U+FFFF.
void append_code_point(std::string& text, std::uint32_t code_point)
{
    if (code_point >= 0x800U) {
        text += static_cast<char>(0xe0U | (code_point >> 12U));
        text += static_cast<char>(0x80U | ((code_point >> 6U) & 0x3fU));
    } else {
        text += static_cast<char>(0xc0U | (code_point >> 6U));
    }
    text += static_cast<char>(0x80U | (code_point & 0x3fU));
}

std::string from_windows_1252(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size() + bytes.size() / 8);
    for (const char c : bytes) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet < 0x80U) {
            text += c;
        } else {
            append_code_point(text, octet < 0xa0U ? windows_1252_c1.at(octet - 0x80U) : octet);
        }
    }
    return text;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names)
{
    for (const auto candidate : names) {
        if (equals_ignoring_case(name, candidate)) {
            return true;
        }
    }
    return false;
}

bool is_utf8(std::string_view charset)
{
    return is_one_of(charset, {"utf-8", "utf8"});
}

bool is_ascii(std::string_view charset)
{
    return is_one_of(charset, {"us-ascii", "ascii", "ansi_x3.4-1968"});
}

bool is_western(std::string_view charset)
{
    return is_one_of(charset, {"iso-8859-1", "windows-1252", "latin1", "cp1252", "iso8859-1"});
}

/// A name that ICU may see: its syntax has options behind a comma, and it looks unknown names up as
/// files.
bool is_plausible_name(std::string_view name)
{
    if (name.empty() || name.size() > charset_name_bytes_max) {
        return false;
    }
    for (const char c : name) {
        if (!is_alnum(c) && c != '-' && c != '_' && c != '.' && c != ':' && c != '+') {
            return false;
        }
    }
    return true;
}

/// Names that mail uses and ICU does not know, or knows as something narrower.
std::string_view icu_name(std::string_view name)
{
    struct Alias {
        std::string_view from;
        std::string_view to;
    };
    constexpr std::array aliases{
        Alias{"gb2312", "gb18030"},          Alias{"gbk", "gb18030"},
        Alias{"x-gbk", "gb18030"},           Alias{"ks_c_5601-1987", "windows-949"},
        Alias{"euc-kr", "windows-949"},      Alias{"shift_jis", "windows-31j"},
        Alias{"x-sjis", "windows-31j"},      Alias{"tis-620", "windows-874"},
        Alias{"iso-8859-8-i", "iso-8859-8"}, Alias{"iso-8859-9", "windows-1254"},
        Alias{"unicode-1-1-utf-7", "utf-7"}, Alias{"x-unicode-2-0-utf-7", "utf-7"},
        Alias{"cp-1251", "windows-1251"},    Alias{"big5", "big5-hkscs"},
    };
    for (const auto& alias : aliases) {
        if (equals_ignoring_case(name, alias.from)) {
            return alias.to;
        }
    }
    return name;
}

struct ConverterCloser {
    void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, ConverterCloser>;

Converter open_converter(std::string_view charset)
{
    if (!is_plausible_name(charset)) {
        return nullptr;
    }
    const std::string name{icu_name(charset)};
    UErrorCode error = U_ZERO_ERROR;
    if (ucnv_countAliases(name.c_str(), &error) == 0 || U_FAILURE(error) != 0) {
        return nullptr; // not in ICU's table: opening it would look for a file of that name
    }
    Converter converter{ucnv_open(name.c_str(), &error)};
    return U_FAILURE(error) != 0 ? nullptr : std::move(converter);
}

/// Notes in `*context` that something was not convertible and puts U+FFFD there.
void U_CALLCONV on_invalid(const void* context, UConverterToUnicodeArgs* arguments,
                           const char* units, std::int32_t length, UConverterCallbackReason reason,
                           UErrorCode* error)
{
    if (reason <= UCNV_IRREGULAR) {
        *static_cast<bool*>(const_cast<void*>(context)) = true;
    }
    UCNV_TO_U_CALLBACK_SUBSTITUTE(nullptr, arguments, units, length, reason, error);
}

Utf8Text convert(UConverter& source, std::string_view bytes)
{
    Utf8Text result;
    UErrorCode error = U_ZERO_ERROR;
    ucnv_setToUCallBack(&source, on_invalid, &result.had_invalid_bytes, nullptr, nullptr, &error);
    const Converter target{ucnv_open("UTF-8", &error)};
    std::array<UChar, 1024> pivot{};
    UChar* pivot_source = pivot.data();
    UChar* pivot_target = pivot.data();
    std::array<char, 4096> piece{};
    const char* from = bytes.data();
    const char* const end = bytes.data() + bytes.size();
    UBool is_first = 1;
    do {
        error = U_ZERO_ERROR;
        char* to = piece.data();
        ucnv_convertEx(target.get(), &source, &to, piece.data() + piece.size(), &from, end,
                       pivot.data(), &pivot_source, &pivot_target, pivot.data() + pivot.size(),
                       is_first, 1, &error);
        result.text.append(piece.data(), static_cast<std::size_t>(to - piece.data()));
        is_first = 0;
    } while (error == U_BUFFER_OVERFLOW_ERROR);
    result.had_invalid_bytes = result.had_invalid_bytes || U_FAILURE(error) != 0;
    return result;
}

Utf8Text from_utf8(std::string_view bytes)
{
    Utf8Text result;
    result.text = diag::to_valid_utf8(bytes);
    result.had_invalid_bytes = result.text != bytes;
    return result;
}

Utf8Text from_unknown(std::string_view bytes)
{
    Utf8Text result;
    result.text = guess_to_utf8(bytes);
    result.is_known_charset = false;
    return result;
}

} // namespace

bool is_valid_utf8(std::string_view bytes)
{
    return !has_eight_bit(bytes) || diag::to_valid_utf8(bytes) == bytes;
}

std::string guess_to_utf8(std::string_view bytes)
{
    return is_valid_utf8(bytes) ? std::string{bytes} : from_windows_1252(bytes);
}

bool is_known_charset(std::string_view charset)
{
    charset = trim(charset);
    return is_utf8(charset) || is_ascii(charset) || is_western(charset) ||
           open_converter(charset) != nullptr;
}

Utf8Text to_utf8(std::string_view bytes, std::string_view charset)
{
    charset = trim(charset);
    if (is_utf8(charset)) {
        return from_utf8(bytes);
    }
    if (charset.empty() || is_ascii(charset)) {
        return {guess_to_utf8(bytes), true, has_eight_bit(bytes)};
    }
    if (is_western(charset)) {
        return {from_windows_1252(bytes), true, false};
    }
    const Converter converter = open_converter(charset);
    return converter ? convert(*converter, bytes) : from_unknown(bytes);
}

} // namespace watchpost::message
