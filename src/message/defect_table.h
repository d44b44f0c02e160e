// Every defect that the reader knows: its word, where the standard says otherwise, what it means.
//
// docs/defects.md is made from this table (tests/defect_table_test.cc fails on a difference). Words
// are stable: rules and stored results name them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace watchpost::message {

enum class DefectId : std::uint8_t {
    // header block
    bare_cr,
    blank_line_with_blanks,
    byte_order_mark,
    continuation_at_start,
    crcrlf,
    duplicate_field,
    eight_bit_header,
    header_without_colon,
    missing_blank_line,
    mixed_line_ends,
    nul_octet,
    several_messages,
    space_before_colon,
    // Content-Type, Content-Disposition and their parameters
    address_syntax,
    boundary_notation,
    boundary_too_long,
    boundary_without_multipart,
    duplicate_parameter,
    encoded_word_in_parameter,
    filename_conflict,
    invalid_content_type,
    invalid_disposition,
    invalid_encoded_word,
    missing_boundary_parameter,
    parameter_conflict,
    parameter_gap,
    parameter_syntax,
    // multipart
    boundaries_overlap,
    boundary_after_cr,
    boundary_prefix,
    ended_by_outer_boundary,
    missing_final_boundary,
    missing_first_boundary,
    part_after_final_boundary,
    part_in_epilogue,
    part_in_preamble,
    text_after_final_boundary,
    // transfer encodings
    base64_incomplete,
    base64_junk,
    base64_padding_early,
    binhex_invalid,
    encoded_multipart,
    encoded_message,
    external_body,
    partial_message,
    quoted_printable_invalid,
    unknown_transfer_encoding,
    uuencode_invalid,
    yenc_invalid,
    yenc_piece,
    // text
    charset_conflict,
    charset_invalid_bytes,
    charset_unsuitable,
    unknown_charset,
    utf7_text,
    // limits
    limit_addresses,
    limit_authentication_results,
    limit_binhex_bytes,
    limit_body_bytes,
    limit_decoded_children_bytes,
    limit_defects,
    limit_depth,
    limit_fields,
    limit_header_bytes,
    limit_header_fields,
    limit_hops,
    limit_html,
    limit_journal_bytes,
    limit_journal_recipients,
    limit_links,
    limit_parameters,
    limit_parts,
    limit_uu_blocks,
};

inline constexpr std::size_t defect_count = static_cast<std::size_t>(DefectId::limit_uu_blocks) + 1;

/// How much a defect says about the sender's intention.
enum class DefectImportance : std::uint8_t {
    low,    // seen every day in honest mail
    medium, // readers differ here: what the recipient sees may not be what we saw
    high,   // hides content from some readers, or content that we did not see
};

struct DefectRow {
    DefectId id;
    std::string_view name;     // Defect::id
    std::string_view standard; // "RFC 2046 §5.1.1", "limit of the reader", "limit of the model"
    std::string_view sentence;
    DefectImportance importance;
};

[[nodiscard]] std::span<const DefectRow> defect_table() noexcept;
[[nodiscard]] std::string_view name_of(DefectId id) noexcept;
[[nodiscard]] const DefectRow* find_defect(std::string_view name) noexcept;
[[nodiscard]] std::string_view to_string(DefectImportance importance) noexcept;

/// Something was left out because a limit was reached, of the reader or of the model.
[[nodiscard]] bool is_limit(std::string_view name) noexcept;

/// Something was not read at all: a limit, what stands behind the first message of an mbox, the
/// other pieces of a message or file.
[[nodiscard]] bool leaves_gap(std::string_view name) noexcept;

/// The text of docs/defects.md.
[[nodiscard]] std::string defect_page();

} // namespace watchpost::message
