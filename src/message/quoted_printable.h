// Quoted-printable and the Q encoding. Lower-case digits are read; what is no escape stays as it
// stands. RFC 2045 §6.7, RFC 2047 §4.2. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::message {

struct QuotedPrintableResult {
    base::Bytes bytes;
    bool had_invalid = false; // "=" without two digits; kept
};

/// Soft line breaks go, white space at the end of a line goes; hard line ends stay as they are.
[[nodiscard]] QuotedPrintableResult decode_quoted_printable(std::string_view text);

/// "_" is a blank. RFC 2047 §4.2.
[[nodiscard]] std::string decode_q(std::string_view text);

} // namespace watchpost::message
