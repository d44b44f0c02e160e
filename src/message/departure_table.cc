#include <array>

#include "message/departure.h"

namespace watchpost::message {

namespace {

using enum Departure;

// In the order of Departure; the test of this file checks it.
constexpr std::array table{
    DepartureRow{last_content_type, "last_content_type", "RFC 5322 §3.6",
                 "The last of several Content-Type fields counts, not the first."},
    DepartureRow{last_transfer_encoding, "last_transfer_encoding", "RFC 5322 §3.6",
                 "The last of several Content-Transfer-Encoding fields counts, not the first."},
    DepartureRow{last_disposition, "last_disposition", "RFC 5322 §3.6",
                 "The last of several Content-Disposition fields counts, not the first."},
    DepartureRow{last_parameter, "last_parameter", "RFC 2045 §5",
                 "Of a parameter that stands twice the last one counts, not the first."},
    DepartureRow{plain_parameter, "plain_parameter", "RFC 2231 §3",
                 "Of a parameter in plain and in extended notation the plain one counts."},
    DepartureRow{literal_boundary, "literal_boundary", "RFC 2045 §5.1",
                 "A boundary is taken with the comment or the backslash that stands in it."},
    DepartureRow{decoded_boundary, "decoded_boundary", "RFC 2047 §5",
                 "A boundary that is written as encoded-word is decoded."},
    DepartureRow{pieces_end_at_gap, "pieces_end_at_gap", "RFC 2231 §3",
                 "A continued parameter ends where one of its pieces is missing."},
    DepartureRow{boundary_makes_multipart, "boundary_makes_multipart", "RFC 2046 §5.1.1",
                 "A part with a boundary is a multipart, whatever its type says."},
    DepartureRow{guessed_boundary, "guessed_boundary", "RFC 2046 §5.1.1",
                 "A multipart without boundary has that of the first line that starts with two "
                 "dashes."},
    DepartureRow{prefix_is_delimiter, "prefix_is_delimiter", "RFC 2046 §5.1.1",
                 "A line that starts with a boundary is a delimiter, whatever follows."},
    DepartureRow{outer_boundary_first, "outer_boundary_first", "RFC 2046 §5.1.1",
                 "Where one boundary starts with another, the outermost is looked for first."},
    DepartureRow{innermost_boundary_only, "innermost_boundary_only", "RFC 2046 §5.1.2",
                 "Only its own boundary ends a part of a multipart, not that of an outer one."},
    DepartureRow{closing_stands_alone, "closing_stands_alone", "RFC 2046 §5.1.1",
                 "A closing delimiter that text follows on its line closes nothing."},
    DepartureRow{preamble_is_part, "preamble_is_part", "RFC 2046 §5.1.1",
                 "What stands before the first delimiter is a part."},
    DepartureRow{epilogue_is_part, "epilogue_is_part", "RFC 2046 §5.1.1",
                 "What stands behind the closing delimiter is a part."},
    DepartureRow{multipart_is_decoded, "multipart_is_decoded", "RFC 2045 §6.4",
                 "A multipart with a transfer encoding is decoded before its parts are read."},
    DepartureRow{message_is_not_decoded, "message_is_not_decoded", "RFC 2046 §5.2.1",
                 "An embedded message is read as it stands, whatever its transfer encoding."},
    DepartureRow{unknown_encoding_is_base64, "unknown_encoding_is_base64", "RFC 2045 §6.4",
                 "A part with an unknown transfer encoding is in base64."},
    DepartureRow{unknown_encoding_is_quoted_printable, "unknown_encoding_is_quoted_printable",
                 "RFC 2045 §6.4", "A part with an unknown transfer encoding is quoted-printable."},
    DepartureRow{base64_ends_at_padding, "base64_ends_at_padding", "RFC 2045 §6.8",
                 "Base64 ends with its first padding."},
    DepartureRow{base64_ends_at_junk, "base64_ends_at_junk", "RFC 2045 §6.8",
                 "Base64 ends at the first character that is not in its alphabet."},
    DepartureRow{broken_base64_is_text, "broken_base64_is_text", "RFC 2045 §6.8",
                 "Base64 that holds other characters, or ends within a group, is shown as it "
                 "stands."},
    DepartureRow{cr_ends_line, "cr_ends_line", "RFC 5322 §2.2",
                 "A carriage return ends a line also where no line feed follows."},
    DepartureRow{header_ends_without_colon, "header_ends_without_colon", "RFC 5322 §2.2",
                 "A header ends at the first line that is no field."},
    DepartureRow{blanks_end_header, "blanks_end_header", "RFC 5322 §2.1",
                 "A header ends at a line of nothing but blanks."},
    DepartureRow{blank_before_colon_is_no_field, "blank_before_colon_is_no_field", "RFC 5322 §4.5",
                 "A line with white space before its colon is no field."},
};

static_assert(table.size() == departure_count);

} // namespace

std::span<const DepartureRow> departure_table() noexcept
{
    return table;
}

std::string_view name_of(Departure departure) noexcept
{
    return table.at(static_cast<std::size_t>(departure)).name;
}

Departures suggested_by(DefectId id) noexcept
{
    switch (id) {
    case DefectId::duplicate_parameter:
        return {last_parameter};
    case DefectId::parameter_conflict:
        return {plain_parameter};
    case DefectId::parameter_gap:
        return {pieces_end_at_gap};
    case DefectId::boundary_notation:
        return {literal_boundary, decoded_boundary};
    case DefectId::boundary_without_multipart:
        return {boundary_makes_multipart};
    case DefectId::missing_boundary_parameter:
        return {guessed_boundary};
    case DefectId::boundary_prefix:
        return {prefix_is_delimiter};
    case DefectId::boundaries_overlap:
        return {outer_boundary_first};
    case DefectId::ended_by_outer_boundary:
        return {innermost_boundary_only};
    case DefectId::text_after_final_boundary:
        return {closing_stands_alone};
    case DefectId::part_in_preamble:
        return {preamble_is_part};
    case DefectId::part_in_epilogue:
        return {epilogue_is_part};
    case DefectId::encoded_multipart:
        return {multipart_is_decoded};
    case DefectId::encoded_message:
        return {message_is_not_decoded};
    case DefectId::unknown_transfer_encoding:
        return {unknown_encoding_is_base64, unknown_encoding_is_quoted_printable};
    case DefectId::base64_padding_early:
        return {base64_ends_at_padding};
    case DefectId::base64_junk:
        return {base64_ends_at_junk, broken_base64_is_text};
    case DefectId::base64_incomplete:
        return {broken_base64_is_text};
    case DefectId::bare_cr:
    case DefectId::crcrlf:
    case DefectId::boundary_after_cr:
        return {cr_ends_line};
    case DefectId::header_without_colon:
        return {header_ends_without_colon};
    case DefectId::space_before_colon:
        return {blank_before_colon_is_no_field};
    case DefectId::blank_line_with_blanks:
        return {blanks_end_header};
    default:
        return {};
    }
}

} // namespace watchpost::message
