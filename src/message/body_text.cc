#include "message/body_text.h"

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

} // namespace

std::string read_body_text(const Part& part, std::size_t bytes_max, DefectLog& defects,
                           bool& was_cut)
{
    std::vector<Defect> of_encoding; // noted where the leaf itself is decoded
    const auto content = DecodedContent::decode(part, of_encoding);
    std::string_view bytes = base::as_text(content.bytes());
    // No charset makes less than a quarter of it: 4 octets (UTF-32) for one of ASCII.
    const std::size_t raw_max = 4 * bytes_max;
    if (bytes.size() > raw_max) {
        bytes = bytes.substr(0, raw_max);
        was_cut = true;
    }
    std::string_view charset = part.content_type.parameter("charset");
    if (charset.empty() && part.content_type.subtype == "html") {
        charset = charset_of_html(bytes);
    }
    auto converted = to_utf8(bytes, charset);
    if (!converted.is_known_charset) {
        defects.note(DefectId::unknown_charset, 0, charset);
    }
    if (converted.had_invalid_bytes && !was_cut) { // a cut may go through a character
        defects.note(DefectId::charset_invalid_bytes, 0, charset);
    }
    if (converted.text.size() > bytes_max) {
        was_cut = true;
        converted.text.resize(cut_utf8(converted.text, bytes_max).size());
    }
    return std::move(converted.text);
}

} // namespace watchpost::message
