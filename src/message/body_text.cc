#include "message/body_text.h"

#include <algorithm>

#include "message/ascii.h"
#include "message/charset.h"
#include "message/text_charsets.h"
#include "message/text_links.h"

namespace watchpost::message {

namespace {

/// An unknown charset does not keep the others from being used, but it is told.
HtmlSource to_source(base::ByteView content, std::string_view declared, TextMarkup markup,
                     std::size_t bytes_max)
{
    HtmlSource source;
    const auto charsets = charsets_of(content, declared, markup);
    const std::string_view charset = charsets.empty() ? declared : charsets.front();
    std::string_view bytes = base::as_text(content);
    // No charset makes less than a quarter of it: 4 octets (UTF-32) for one of ASCII.
    const std::size_t raw_max = 4 * bytes_max;
    if (bytes.size() > raw_max) {
        bytes = bytes.substr(0, raw_max);
        source.was_cut = true;
    }
    auto converted = to_utf8(bytes, charset);
    source.text = std::move(converted.text);
    if (constexpr std::string_view mark = "\xef\xbb\xbf"; source.text.starts_with(mark)) {
        source.text.erase(0, mark.size()); // of the octets' order: no character of the text
    }
    source.is_known_charset = trim(declared).empty() || is_known_charset(declared);
    source.charset = source.is_known_charset ? charset : declared;
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
    return to_source(content, charset, TextMarkup::html, bytes_max);
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
    const auto markup = part.content_type.subtype == "html" ? TextMarkup::html : TextMarkup::plain;
    auto source = to_source(content.bytes(), charset, markup, bytes_max);
    note_defects(source, defects);
    was_cut = was_cut || source.was_cut;
    return std::move(source.text);
}

} // namespace watchpost::message
