#include "message/defect_table.h"

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace watchpost::message {

namespace {

using enum DefectId;
using enum DefectImportance;

// In the order of DefectId; the test of this file checks it.
constexpr std::array table{
    DefectRow{bare_cr, "bare_cr", "RFC 5322 §2.2",
              "A header line holds a carriage return that does not end a line.", medium},
    DefectRow{blank_line_with_blanks, "blank_line_with_blanks", "RFC 5322 §2.1",
              "A line of nothing but blanks stands in a header; it was read as a continuation.",
              medium},
    DefectRow{byte_order_mark, "byte_order_mark", "RFC 5322 §2.2",
              "The message starts with a byte order mark; it was skipped.", low},
    DefectRow{continuation_at_start, "continuation_at_start", "RFC 5322 §2.2.3",
              "The header starts with a continuation line that continues nothing.", medium},
    DefectRow{crcrlf, "crcrlf", "RFC 5322 §2.1",
              "A header line ends with more than one carriage return.", low},
    DefectRow{duplicate_field, "duplicate_field", "RFC 5322 §3.6",
              "A field that may stand once stands more often; the first one counts.", medium},
    DefectRow{eight_bit_header, "eight_bit_header", "RFC 5322 §2.2",
              "A header field holds octets above 127 that are not UTF-8.", low},
    DefectRow{header_without_colon, "header_without_colon", "RFC 5322 §2.2",
              "A line among the header fields has no colon; it was skipped.", medium},
    DefectRow{missing_blank_line, "missing_blank_line", "RFC 5322 §2.1",
              "No empty line stands between header and content.", medium},
    DefectRow{mixed_line_ends, "mixed_line_ends", "RFC 5322 §2.1",
              "Some header lines end with CR LF and some with LF alone.", low},
    DefectRow{nul_octet, "nul_octet", "RFC 5322 §2.2", "The header holds a NUL octet.", medium},
    DefectRow{several_messages, "several_messages", "RFC 4155",
              "The file is an mbox of several messages; only the first was read.", high},
    DefectRow{space_before_colon, "space_before_colon", "RFC 5322 §2.2",
              "White space stands between a field's name and its colon.", low},
    DefectRow{address_syntax, "address_syntax", "RFC 5322 §3.4",
              "An address field cannot be read as a list of addresses without guessing.", medium},
    DefectRow{boundary_notation, "boundary_notation", "RFC 2045 §5.1",
              "A boundary holds a comment, a backslash or an encoded-word, which programs read "
              "differently.",
              high},
    DefectRow{boundary_too_long, "boundary_too_long", "RFC 2046 §5.1.1",
              "A boundary is longer than 70 characters.", low},
    DefectRow{boundary_without_multipart, "boundary_without_multipart", "RFC 2046 §5.1.1",
              "A part that is no multipart has a boundary.", medium},
    DefectRow{duplicate_parameter, "duplicate_parameter", "RFC 2045 §5",
              "A parameter stands twice; the first one counts.", medium},
    DefectRow{encoded_word_in_parameter, "encoded_word_in_parameter", "RFC 2047 §5",
              "A parameter's value is written as encoded-word; it was decoded.", low},
    DefectRow{filename_conflict, "filename_conflict", "RFC 2183 §2.3",
              "Content-Type and Content-Disposition give different file names.", medium},
    DefectRow{invalid_content_type, "invalid_content_type", "RFC 2045 §5.2",
              "Content-Type cannot be read; text/plain was assumed.", medium},
    DefectRow{invalid_disposition, "invalid_disposition", "RFC 2183 §2.8",
              "Content-Disposition is of no known type; it was read as attachment.", low},
    DefectRow{invalid_encoded_word, "invalid_encoded_word", "RFC 2047 §2",
              "An encoded-word is damaged or in an unknown charset.", low},
    DefectRow{missing_boundary_parameter, "missing_boundary_parameter", "RFC 2046 §5.1.1",
              "A multipart has no boundary; it was read as one text.", high},
    DefectRow{parameter_conflict, "parameter_conflict", "RFC 2231 §3",
              "A parameter is given in plain and in extended notation with different values.",
              medium},
    DefectRow{parameter_gap, "parameter_gap", "RFC 2231 §3",
              "A piece of a continued parameter is missing.", medium},
    DefectRow{parameter_syntax, "parameter_syntax", "RFC 2045 §5.1",
              "A parameter's quotes do not close or its value is no token.", low},
    DefectRow{boundaries_overlap, "boundaries_overlap", "RFC 2046 §5.1.1",
              "A boundary starts with that of another multipart, or they are equal.", medium},
    DefectRow{
        boundary_after_cr, "boundary_after_cr", "RFC 5322 §2.2",
        "Two dashes follow a carriage return that ends no line: to some programs a delimiter.",
        medium},
    DefectRow{boundary_prefix, "boundary_prefix", "RFC 2046 §5.1.1",
              "A line starts with a boundary and goes on; it was not taken as a delimiter.",
              medium},
    DefectRow{ended_by_outer_boundary, "ended_by_outer_boundary", "RFC 2046 §5.1.2",
              "A multipart ends with the delimiter of an outer one.", low},
    DefectRow{missing_final_boundary, "missing_final_boundary", "RFC 2046 §5.1.1",
              "A multipart ends without its closing delimiter.", low},
    DefectRow{missing_first_boundary, "missing_first_boundary", "RFC 2046 §5.1.1",
              "A multipart has no part, since its boundary starts no line: its whole body was "
              "read as one part.",
              medium},
    DefectRow{part_after_final_boundary, "part_after_final_boundary", "RFC 2046 §5.1.1",
              "A part follows the closing delimiter; it was read, but other programs ignore it.",
              high},
    DefectRow{part_in_epilogue, "part_in_epilogue", "RFC 2046 §5.1.1",
              "Behind the closing delimiter stands what looks like a part or a file.", medium},
    DefectRow{part_in_preamble, "part_in_preamble", "RFC 2046 §5.1.1",
              "Before the first delimiter stands what looks like a part or a file.", medium},
    DefectRow{text_after_final_boundary, "text_after_final_boundary", "RFC 2046 §5.1.1",
              "A closing delimiter's line goes on after it.", low},
    DefectRow{base64_incomplete, "base64_incomplete", "RFC 2045 §6.8",
              "Base64 ends inside a group without the padding that it needs.", low},
    DefectRow{base64_junk, "base64_junk", "RFC 2045 §6.8",
              "Base64 holds characters outside its alphabet; they were skipped.", medium},
    DefectRow{base64_padding_early, "base64_padding_early", "RFC 2045 §6.8",
              "Base64 goes on after its padding; what follows was decoded too.", medium},
    DefectRow{
        binhex_invalid, "binhex_invalid", "RFC 1741",
        "A file in BinHex ends early, or one of its checksums is wrong; it was decoded as far "
        "as it goes.",
        low},
    DefectRow{encoded_multipart, "encoded_multipart", "RFC 2045 §6.4",
              "A multipart declares a transfer encoding that it may not have; it was ignored.",
              high},
    DefectRow{encoded_message, "encoded_message", "RFC 2046 §5.2.1",
              "An embedded message is in base64 or quoted-printable; it was decoded.", low},
    DefectRow{external_body, "external_body", "RFC 2046 §5.2.3",
              "The content of a part is not in the message: a program fetches it from where the "
              "part says.",
              medium},
    DefectRow{partial_message, "partial_message", "RFC 2046 §5.2.2",
              "The message is a piece of a larger one; a program that has all pieces joins them. "
              "So does Watchpost, for messages that are a piece as a whole.",
              high},
    DefectRow{quoted_printable_invalid, "quoted_printable_invalid", "RFC 2045 §6.7",
              "Quoted-printable holds an equals sign without two hexadecimal digits; it was kept.",
              low},
    DefectRow{unknown_transfer_encoding, "unknown_transfer_encoding", "RFC 2045 §6.1",
              "The transfer encoding is unknown; the content was taken as it stands.", medium},
    DefectRow{uuencode_invalid, "uuencode_invalid", "POSIX uuencode",
              "Uuencoded content has no begin line, no end or a damaged line.", low},
    DefectRow{yenc_invalid, "yenc_invalid", "yEnc draft 1.3",
              "A file in yEnc has no end, or its size or checksum is wrong; it was decoded as far "
              "as it goes.",
              low},
    DefectRow{yenc_piece, "yenc_piece", "yEnc draft 1.3",
              "A file in yEnc is one piece of several, which are not joined here; the piece was "
              "inspected by itself.",
              medium},
    DefectRow{
        charset_conflict, "charset_conflict", "RFC 2046 §4.1.2",
        "What a text says depends on which of its charsets counts: that of its Content-Type, a "
        "byte order mark, a <meta>, or an order of octets that is left open. Each was read.",
        medium},
    DefectRow{charset_invalid_bytes, "charset_invalid_bytes", "RFC 2046 §4.1.2",
              "A text holds octets that its charset does not have.", low},
    DefectRow{charset_unsuitable, "charset_unsuitable", "RFC 2046 §4.1.1",
              "A text is declared in a charset whose line ends and ASCII are other octets (UTF-16, "
              "UTF-32, EBCDIC): who does not decode it reads something else.",
              medium},
    DefectRow{unknown_charset, "unknown_charset", "RFC 2046 §4.1.2",
              "A text is in an unknown charset; it was read as UTF-8 or Windows-1252.", medium},
    DefectRow{utf7_text, "utf7_text", "RFC 2152",
              "A text says that it is in UTF-7, which hides words and markup from who does not "
              "decode it, and which hardly any program writes.",
              high},
    DefectRow{limit_addresses, "limit_addresses", "limit of the model",
              "An address field holds more addresses than the model keeps.", medium},
    DefectRow{limit_authentication_results, "limit_authentication_results", "limit of the model",
              "The model holds fewer Authentication-Results than the header.", medium},
    DefectRow{limit_binhex_bytes, "limit_binhex_bytes", "limit of the reader",
              "Files in BinHex are larger than is decoded of a text; the rest was not.", high},
    DefectRow{limit_body_bytes, "limit_body_bytes", "limit of the model",
              "A body is longer than the model keeps; the rest is not in the model.", medium},
    DefectRow{limit_decoded_children_bytes, "limit_decoded_children_bytes", "limit of the reader",
              "Encoded embedded messages are larger than allowed; this one was not opened.", high},
    DefectRow{limit_defects, "limit_defects", "limit of the reader",
              "The message has more defects than are recorded.", medium},
    DefectRow{limit_depth, "limit_depth", "limit of the reader",
              "Parts are nested deeper than allowed; this one was not opened.", high},
    DefectRow{limit_fields, "limit_fields", "limit of the model",
              "The model holds fewer fields than the header.", medium},
    DefectRow{limit_header_bytes, "limit_header_bytes", "limit of the reader",
              "A header is longer than allowed; the rest of it was skipped.", high},
    DefectRow{limit_header_fields, "limit_header_fields", "limit of the reader",
              "A header has more fields than allowed; the rest of them was skipped.", high},
    DefectRow{limit_hops, "limit_hops", "limit of the model",
              "The model holds fewer hops than the header.", medium},
    DefectRow{limit_html, "limit_html", "limit of the model",
              "HTML is larger or nested deeper than allowed; text and links of the rest are "
              "missing.",
              high},
    DefectRow{limit_journal_bytes, "limit_journal_bytes", "limit of the model",
              "The text of a journal report is longer than is read; recipients of the rest are "
              "missing.",
              high},
    DefectRow{limit_journal_recipients, "limit_journal_recipients", "limit of the model",
              "A journal report (or X-Gm-Original-To) names more recipients than the model keeps.",
              medium},
    DefectRow{limit_links, "limit_links", "limit of the model",
              "The model holds fewer links than the bodies.", medium},
    DefectRow{limit_parameters, "limit_parameters", "limit of the reader",
              "A field has more parameters than allowed; the rest of them was skipped.", high},
    DefectRow{limit_parts, "limit_parts", "limit of the reader",
              "The message has more parts than allowed; the last one holds all that follows.",
              high},
    DefectRow{
        limit_uu_blocks, "limit_uu_blocks", "limit of the reader",
        "A text holds more encoded files (uuencode, yEnc, BinHex) than allowed; the rest was not "
        "decoded.",
        high},
};

} // namespace

std::span<const DefectRow> defect_table() noexcept
{
    return table;
}

std::string_view name_of(DefectId id) noexcept
{
    return table.at(static_cast<std::size_t>(id)).name;
}

const DefectRow* find_defect(std::string_view name) noexcept
{
    const auto* const row =
        std::find_if(table.begin(), table.end(), [&](const auto& r) { return r.name == name; });
    return row == table.end() ? nullptr : row;
}

std::string_view to_string(DefectImportance importance) noexcept
{
    switch (importance) {
    case low:
        return "low";
    case medium:
        return "medium";
    case high:
        return "high";
    }
    return "unknown";
}

bool is_limit(std::string_view name) noexcept
{
    return name.starts_with("limit_");
}

bool leaves_gap(std::string_view name) noexcept
{
    return is_limit(name) || name == name_of(several_messages) ||
           name == name_of(partial_message) || name == name_of(yenc_piece);
}

std::string defect_page()
{
    std::string page =
        "# Defects\n\n"
        "What the MIME reader had to forgive, by the words that stand in `defects` "
        "of `scan --json`.\nMade from `src/message/defect_table.cc`; a test fails "
        "where the two differ. A limit of the\nreader also makes the inspection partial; a "
        "limit of the model cuts what is shown of a message, whose leaves\nare inspected "
        "whole.\n\n"
        "| word | standard | what it means | importance |\n|---|---|---|---|\n";
    for (const auto& row : table) {
        page += "| `";
        page += row.name;
        page += "` | ";
        page += row.standard;
        page += " | ";
        page += row.sentence;
        page += " | ";
        page += to_string(row.importance);
        page += " |\n";
    }
    return page;
}

} // namespace watchpost::message
