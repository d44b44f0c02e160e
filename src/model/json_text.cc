#include "model/json_text.h"

#include <array>
#include <charconv>

#include "diag/quote.h"

namespace watchpost::model {

namespace {

/// 1 where a character cannot stand in a JSON string as it is. DEL and the line separators may.
constexpr std::array<bool, 256> make_special()
{
    std::array<bool, 256> special{};
    for (std::size_t c = 0; c < 0x20; ++c) {
        special.at(c) = true;
    }
    special.at('"') = true;
    special.at('\\') = true;
    return special;
}

constexpr auto special = make_special();

bool is_ascii(std::string_view text)
{
    unsigned char all = 0;
    for (const char c : text) {
        all = static_cast<unsigned char>(all | static_cast<unsigned char>(c));
    }
    return all < 0x80U;
}

void append_escape(std::string& text, char c)
{
    constexpr std::string_view digits = "0123456789abcdef";
    switch (c) {
    case '"':
        text += "\\\"";
        break;
    case '\\':
        text += "\\\\";
        break;
    case '\n':
        text += "\\n";
        break;
    case '\r':
        text += "\\r";
        break;
    case '\t':
        text += "\\t";
        break;
    default:
        text += "\\u00";
        text += digits[static_cast<unsigned char>(c) >> 4U];
        text += digits[static_cast<unsigned char>(c) & 15U];
        break;
    }
}

} // namespace

void JsonText::separate()
{
    if (needs_comma_) {
        text_ += ',';
    }
    needs_comma_ = true;
}

void JsonText::open(char bracket)
{
    separate();
    text_ += bracket;
    needs_comma_ = false;
}

void JsonText::close(char bracket)
{
    text_ += bracket;
    needs_comma_ = true;
}

void JsonText::key(std::string_view name)
{
    separate();
    text_ += '"';
    text_ += name;
    text_ += "\":";
    needs_comma_ = false;
}

void JsonText::value(std::string_view text)
{
    separate();
    text_ += '"';
    if (is_ascii(text)) {
        append_escaped(text);
    } else {
        append_escaped(diag::to_valid_utf8(text));
    }
    text_ += '"';
}

void JsonText::append_escaped(std::string_view text)
{
    std::size_t clean_begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (special[static_cast<unsigned char>(text[i])]) {
            text_ += text.substr(clean_begin, i - clean_begin);
            append_escape(text_, text[i]);
            clean_begin = i + 1;
        }
    }
    text_ += text.substr(clean_begin);
}

void JsonText::value(std::uint64_t number)
{
    separate();
    std::array<char, 20> digits{}; // 2^64 - 1 has 20
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    text_.append(digits.data(), result.ptr);
}

void JsonText::value_signed(std::int64_t number)
{
    separate();
    std::array<char, 20> digits{}; // -2^63 has 20
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    text_.append(digits.data(), result.ptr);
}

void JsonText::value_bool(bool truth)
{
    separate();
    text_ += truth ? "true" : "false";
}

void JsonText::null()
{
    separate();
    text_ += "null";
}

} // namespace watchpost::model
