// Header text to UTF-8: unfolded, encoded-words decoded. RFC 2047, RFC 2231 §5.
//
// Lenient as mail programs are: encoded-words are found anywhere, blanks inside them are allowed,
// adjacent ones are joined before the charset is applied, so that a character split between two of
// them is whole. Raw octets above 127 are read as UTF-8 or Windows-1252. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace watchpost::message {

struct DecodedText {
    std::string text; // valid UTF-8, no line ends from folding
    bool had_encoded_word = false;
    bool had_invalid = false; // unknown charset, octets that the charset does not have
};

/// Any header value, or a piece of one.
[[nodiscard]] DecodedText decode_text(std::string_view raw);

/// Line ends go, the white space behind them stays. RFC 5322 §2.2.3.
[[nodiscard]] std::string unfold(std::string_view raw);

} // namespace watchpost::message
