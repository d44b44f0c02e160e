// Cuts reply lines out of a stream that comes in pieces. Never used for message content.
//
// A line ends with CRLF and only so: a bare LF, or more than line_bytes_max octets, is an error.
// Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace watchpost::pop3 {

class LineReader {
public:
    /// Takes octets off the front of `input` up to the end of a line. The line without its CRLF,
    /// valid until the next call and while the input's octets live; nullopt where the input ended
    /// first.
    [[nodiscard]] base::Result<std::optional<std::string_view>> next(base::ByteView& input);

    /// The unfinished line, for messages.
    [[nodiscard]] std::string_view pending() const noexcept { return pending_; }

private:
    [[nodiscard]] base::Result<std::string_view> checked(std::string_view with_line_end) const;

    std::string pending_;      // an unfinished line, at most line_bytes_max
    bool is_complete_ = false; // pending_ was handed out and goes at the next call
};

} // namespace watchpost::pop3
