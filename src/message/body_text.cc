#include "message/body_text.h"

#include <algorithm>

#include "message/ascii.h"
#include "message/charset.h"
#include "message/text_links.h"

namespace watchpost::message {

namespace {

/// <meta charset=…> or <meta … content="…; charset=…"> near the start, for HTML whose field names
/// no charset.
std::string_view charset_of_html(std::string_view html)
{
    constexpr std::size_t looked_at = 1'024; // as browsers do
    constexpr std::string_view word = "charset=";
    const std::string start = lower_case(html.substr(0, looked_at));
    const std::size_t at = start.find(word);
    if (at == std::string::npos) {
        return {};
    }
    std::size_t begin = at + word.size();
    while (begin < start.size() && (start[begin] == '"' || start[begin] == '\'')) {
        ++begin;
    }
    const std::size_t end = std::min(start.find_first_of("\"'>;/ \t\r\n", begin), start.size());
    return html.substr(begin, end - begin);
}

/// Of UTF-16, which HTML that was saved as a file may have.
std::string_view charset_of_byte_order_mark(std::string_view bytes)
{
    if (bytes.starts_with("\xff\xfe")) {
        return "utf-16le";
    }
    return bytes.starts_with("\xfe\xff") ? "utf-16be" : "";
}

HtmlSource to_source(base::ByteView content, std::string_view charset, std::size_t bytes_max)
{
    HtmlSource source;
    std::string_view bytes = base::as_text(content);
    // No charset makes less than a quarter of it: 4 octets (UTF-32) for one of ASCII.
    const std::size_t raw_max = 4 * bytes_max;
    if (bytes.size() > raw_max) {
        bytes = bytes.substr(0, raw_max);
        source.was_cut = true;
    }
    auto converted = to_utf8(bytes, charset);
    source.text = std::move(converted.text);
    source.charset = charset;
    source.is_known_charset = converted.is_known_charset;
    source.had_invalid_bytes =
        converted.had_invalid_bytes && !source.was_cut; // a cut may go through a character
    if (source.text.size() > bytes_max) {
        source.was_cut = true;
        source.text.resize(cut_utf8(source.text, bytes_max).size());
    }
    return source;
}

} // namespace

HtmlSource to_html_source(base::ByteView content, std::string_view charset, std::size_t bytes_max)
{
    const std::string_view bytes = base::as_text(content);
    if (charset.empty()) {
        charset = charset_of_byte_order_mark(bytes);
    }
    return to_source(content, charset.empty() ? charset_of_html(bytes) : charset, bytes_max);
}

void note_defects(const HtmlSource& source, DefectLog& defects)
{
    if (!source.is_known_charset) {
        defects.note(DefectId::unknown_charset, 0, source.charset);
    }
    if (source.had_invalid_bytes) {
        defects.note(DefectId::charset_invalid_bytes, 0, source.charset);
    }
}

std::string read_body_text(const Part& part, std::size_t bytes_max, DefectLog& defects,
                           bool& was_cut)
{
    std::vector<Defect> of_encoding; // noted where the leaf itself is decoded
    const auto content = DecodedContent::decode(part, of_encoding);
    const std::string_view charset = part.content_type.parameter("charset");
    auto source = part.content_type.subtype == "html"
                      ? to_html_source(content.bytes(), charset, bytes_max)
                      : to_source(content.bytes(), charset, bytes_max);
    note_defects(source, defects);
    was_cut = was_cut || source.was_cut;
    return std::move(source.text);
}

} // namespace watchpost::message
