// Base64 as it is met in mail: junk is skipped, padding may be missing or stand too early. RFC 2045
// §6.8. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::message {

struct Base64Result {
    base::Bytes bytes;
    bool had_junk = false;          // characters outside the alphabet, other than white space
    bool had_early_padding = false; // data after "="; decoded as a new group
    bool is_incomplete = false;     // ended inside a group
};

/// Where the decoder stops; what stands behind is not decoded.
enum class Base64End : std::uint8_t { text, padding, junk };

[[nodiscard]] Base64Result decode_base64(std::string_view text, Base64End end = Base64End::text);

/// With padding; a line end (CR LF) after each `line_characters`, none where it is 0.
[[nodiscard]] std::string encode_base64(base::ByteView bytes, std::size_t line_characters = 0);

} // namespace watchpost::message
