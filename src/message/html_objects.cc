#include "message/html_objects.h"

#include <algorithm>
#include <utility>

#include "message/ascii.h"
#include "message/base64.h"
#include "message/percent_encoding.h"

namespace watchpost::message {

namespace {

constexpr std::string_view data_scheme = "data:";
constexpr std::size_t literal_characters_min = 64; // shorter ones are names and colours
constexpr std::size_t list_numbers_min = 32;
constexpr std::size_t header_bytes_max = 256; // of a data: address: type and parameters

bool is_base64_character(char c)
{
    return is_alnum(c) || c == '+' || c == '/' || c == '=';
}

/// Where an address ends that stands in a text behind `before`: at the same quote, else at a
/// bracket, a blank or a tag.
std::size_t end_of_address(std::string_view text, std::size_t begin, char before)
{
    const bool is_quoted = before == '"' || before == '\'' || before == '`';
    const std::string_view ends =
        is_quoted ? std::string_view{&before, 1} : std::string_view{"\"'`)<> \t\r\n"};
    return std::min(text.find_first_of(ends, begin), text.size());
}

/// "data:image/png;base64,": a type or a parameter, and a comma.
bool is_data_header(std::string_view header)
{
    const std::size_t comma = header.find(',');
    if (comma == std::string_view::npos) {
        return false;
    }
    header = header.substr(0, comma);
    return header.find_first_of(" <>\r\n") == std::string_view::npos &&
           header.find_first_of("/;") != std::string_view::npos;
}

bool is_data_address(std::string_view text)
{
    return starts_ignoring_case(text, data_scheme) &&
           is_data_header(text.substr(data_scheme.size(), header_bytes_max));
}

struct Literal {
    std::string text;
    std::size_t end = 0; // behind the last quote
};

void append_octet(std::string& text, std::uint32_t value)
{
    text += static_cast<char>(value & 0xFFU);
}

/// One escape; `at` stands on the backslash and is left on its last character.
void take_escape(std::string_view script, std::size_t& at, std::string& text)
{
    const char kind = ++at < script.size() ? script[at] : '\\';
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : 0;
    std::uint32_t value = 0;
    std::size_t seen = 0;
    while (seen < digits && at + 1 < script.size() && hex_value(script[at + 1]) >= 0) {
        value = value * 16 + static_cast<std::uint32_t>(hex_value(script[++at]));
        ++seen;
    }
    if (digits != 0) {
        append_octet(text, value);
    } else if (kind != '\n' && kind != '\r') { // a line that goes on
        text += kind;
    }
}

/// The text that begins with the quote at `begin`, with what is joined to it by "+".
Literal read_literal(std::string_view script, std::size_t begin)
{
    Literal literal;
    std::size_t at = begin;
    for (;;) {
        const char quote = script[at];
        for (++at; at < script.size() && script[at] != quote; ++at) {
            if (script[at] == '\\') {
                take_escape(script, at, literal.text);
            } else if (script[at] == '\n' && quote != '`') {
                break; // no literal after all: an apostrophe in a comment
            } else {
                literal.text += script[at];
            }
        }
        literal.end = std::min(at + 1, script.size());
        const std::size_t plus = script.find_first_not_of(" \t\r\n", literal.end);
        if (plus == std::string_view::npos || script[plus] != '+') {
            return literal;
        }
        const std::size_t next = script.find_first_not_of(" \t\r\n", plus + 1);
        if (next == std::string_view::npos ||
            std::string_view{"\"'`"}.find(script[next]) == std::string_view::npos) {
            return literal;
        }
        at = next;
    }
}

base::Bytes to_bytes(std::string_view text)
{
    const auto view = base::as_bytes(text);
    return {view.begin(), view.end()};
}

/// What a literal holds where it is no text: hexadecimal digits, base64, or octets by escapes.
base::Bytes content_of_literal(std::string_view text)
{
    if (text.size() < literal_characters_min) {
        return {};
    }
    if (auto octets = base::parse_hex(text)) {
        return std::move(*octets);
    }
    const bool is_base64 = std::all_of(
        text.begin(), text.end(), [](char c) { return is_base64_character(c) || is_space(c); });
    if (is_base64) {
        return decode_base64(text).bytes;
    }
    if (text.find('%') != std::string_view::npos) {
        const auto escapes = std::count(text.begin(), text.end(), '%');
        if (static_cast<std::size_t>(escapes) * 4 > text.size()) { // unescape("%4D%5A…")
            return to_bytes(percent_decode(text));
        }
    }
    const auto controls = std::count_if(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' && !is_space(c);
    });
    return controls == 0 ? base::Bytes{} : to_bytes(text);
}

struct NumberList {
    base::Bytes octets;
    std::size_t end = 0;
};

/// "[77, 0x5a, 144 …" as far as the numbers are octets; `at` stands behind the bracket.
NumberList read_numbers(std::string_view script, std::size_t at)
{
    NumberList list;
    for (;;) {
        at = std::min(script.find_first_not_of(" \t\r\n,", at), script.size());
        const bool is_hex = script.compare(at, 2, "0x") == 0 || script.compare(at, 2, "0X") == 0;
        std::size_t digit = at + (is_hex ? 2 : 0);
        std::uint32_t value = 0;
        std::size_t digits = 0;
        while (digit < script.size() && digits < 4 &&
               (is_hex ? hex_value(script[digit]) >= 0 : is_digit(script[digit]))) {
            value =
                value * (is_hex ? 16 : 10) + static_cast<std::uint32_t>(hex_value(script[digit]));
            ++digit;
            ++digits;
        }
        if (digits == 0 || value > 255) {
            list.end = at;
            return list;
        }
        list.octets.push_back(static_cast<std::byte>(value));
        at = digit;
    }
}

} // namespace

void HtmlObjects::add(std::string_view kind, std::string_view name, base::Bytes content)
{
    if (content.empty()) {
        return;
    }
    if (objects_.size() >= count_max_) {
        were_cut_ = true;
        return;
    }
    std::string chosen{name};
    if (chosen.empty()) {
        chosen = std::string{kind} + ' ' + std::to_string(objects_.size() + 1);
        chosen += kind == "page" ? ".html" : "";
    }
    objects_.push_back({std::move(chosen), std::move(content)});
}

void HtmlObjects::add_address(std::string_view address, std::string_view name)
{
    if (objects_.size() >= count_max_) {
        were_cut_ = true;
        return;
    }
    const std::string_view data = address.substr(std::min(data_scheme.size(), address.size()));
    const std::size_t comma = std::min(data.find(','), data.size());
    const std::string plain = percent_decode(data.substr(std::min(comma + 1, data.size())));
    const bool is_base64 =
        lower_case(data.substr(0, std::min(comma, header_bytes_max))).find("base64") !=
        std::string::npos;
    add("data", name, is_base64 ? decode_base64(plain).bytes : to_bytes(plain));
}

void HtmlObjects::add_page(std::string_view html)
{
    add("page", {}, to_bytes(html));
}

void HtmlObjects::add_addresses_in(std::string_view text)
{
    for (std::size_t at = text.find(':'); at != std::string_view::npos; at = text.find(':', at)) {
        const std::size_t begin = at + 1 - std::min(data_scheme.size(), at + 1);
        ++at;
        if (!is_data_address(text.substr(begin))) {
            continue;
        }
        const std::size_t end = end_of_address(text, at, begin == 0 ? ' ' : text[begin - 1]);
        add_address(text.substr(begin, end - begin), {});
        at = end;
    }
}

void HtmlObjects::add_literals_in(std::string_view script)
{
    for (std::size_t at = 0; at < script.size();) {
        const std::size_t begin = script.find_first_of("\"'`[", at);
        if (begin == std::string_view::npos) {
            return;
        }
        if (script[begin] == '[') {
            auto list = read_numbers(script, begin + 1);
            at = std::max(list.end, begin + 1);
            if (list.octets.size() >= list_numbers_min) {
                add("script data", {}, std::move(list.octets));
            }
            continue;
        }
        const Literal literal = read_literal(script, begin);
        at = literal.end;
        const std::size_t before = objects_.size();
        if (is_data_address(literal.text)) {
            add_address(literal.text, {});
        } else {
            add_addresses_in(literal.text);
        }
        if (objects_.size() == before) {
            add("script data", {}, content_of_literal(literal.text));
        }
    }
}

} // namespace watchpost::message
