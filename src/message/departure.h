// Where programs that show mail part from our strict reading, one choice at a time.
//
// The strict reading (ADR 0005) is the empty set. A program is a set of departures, and so is a
// single choice that nobody is known to make: what a message leaves open says which of them are
// worth taking (ADR 0016). docs/readings.md is made from departure_table.cc. Pure values.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "message/defect_table.h"

namespace watchpost::message {

/// In the order in which they are taken where there are more than the limit lets through.
enum class Departure : std::uint8_t {
    // fields that stand more than once
    last_content_type,
    last_transfer_encoding,
    last_disposition,
    // what makes a multipart, and its boundary
    last_parameter,
    plain_parameter,
    literal_boundary,
    decoded_boundary,
    pieces_end_at_gap,
    boundary_makes_multipart,
    guessed_boundary,
    // delimiter lines
    prefix_is_delimiter,
    outer_boundary_first,
    innermost_boundary_only,
    closing_stands_alone,
    preamble_is_part,
    epilogue_is_part,
    // transfer encodings
    multipart_is_decoded,
    message_is_not_decoded,
    unknown_encoding_is_base64,
    unknown_encoding_is_quoted_printable,
    base64_ends_at_padding,
    base64_ends_at_junk,
    broken_base64_is_text,
    // lines and the end of the header
    cr_ends_line,
    header_ends_without_colon,
    blanks_end_header,
    blank_before_colon_is_no_field,
};

inline constexpr std::size_t departure_count =
    static_cast<std::size_t>(Departure::blank_before_colon_is_no_field) + 1;

/// A set of departures.
class Departures {
public:
    constexpr Departures() noexcept = default;
    constexpr Departures(std::initializer_list<Departure> all) noexcept
    {
        for (const Departure departure : all) {
            add(departure);
        }
    }

    constexpr void add(Departure departure) noexcept { bits_ |= bit(departure); }
    constexpr void add(Departures others) noexcept { bits_ |= others.bits_; }
    [[nodiscard]] constexpr bool has(Departure departure) const noexcept
    {
        return (bits_ & bit(departure)) != 0;
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    [[nodiscard]] constexpr Departures both(Departures others) const noexcept
    {
        Departures common;
        common.bits_ = bits_ & others.bits_;
        return common;
    }
    [[nodiscard]] constexpr Departures without(Departures others) const noexcept
    {
        Departures rest;
        rest.bits_ = bits_ & ~others.bits_;
        return rest;
    }
    constexpr auto operator<=>(const Departures&) const noexcept = default;

private:
    static constexpr std::uint32_t bit(Departure departure) noexcept
    {
        return std::uint32_t{1} << static_cast<unsigned>(departure);
    }

    std::uint32_t bits_ = 0;
};

static_assert(departure_count <= 32, "Departures keeps 32 bits");

struct DepartureRow {
    Departure departure;
    std::string_view name;     // stable: in reports, rules and docs
    std::string_view standard; // what the strict reading follows
    std::string_view sentence; // what a program that departs does
};

[[nodiscard]] std::span<const DepartureRow> departure_table() noexcept;
[[nodiscard]] std::string_view name_of(Departure departure) noexcept;

/// The departures that a defect makes worth taking; empty for most.
[[nodiscard]] Departures suggested_by(DefectId id) noexcept;

} // namespace watchpost::message
