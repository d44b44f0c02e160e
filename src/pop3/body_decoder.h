// Takes the dot-stuffing off a multi-line reply as it streams by. RFC 1939 §3.
//
// Only CRLF "." CRLF ends it, the reply's own line end counting as the first CRLF. A bare LF or CR
// is content: whoever may write a bare-LF "." into a mail could otherwise end the message early and
// have the rest taken for the next reply. Lines are never buffered: content passes through as views
// of the input, at the speed of memchr. Not thread-safe.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace watchpost::pop3 {

class BodyDecoder {
public:
    /// Takes a piece of content off the front of `input`, a view of `input` or of constant octets.
    /// Empty where the input is used up or the end was reached; then has_ended() tells which.
    [[nodiscard]] base::ByteView next(base::ByteView& input);

    [[nodiscard]] bool has_ended() const noexcept { return state_ == State::ended; }

    /// Begins again behind a terminator that turned out to be content; the caller has put the
    /// terminator's own octets (".", CR, LF) into the content.
    void resume() noexcept { state_ = State::line_start; }

private:
    enum class State : std::uint8_t {
        line_start, // after CRLF
        text,       // within a line
        cr,         // within a line, the last octet was CR
        dot,        // CRLF "."
        dot_cr,     // CRLF "." CR
        ended
    };

    [[nodiscard]] base::ByteView take_dot(base::ByteView& input);
    [[nodiscard]] base::ByteView take_dot_cr(base::ByteView& input);
    [[nodiscard]] base::ByteView take_text(base::ByteView& input);

    State state_ = State::line_start;
};

} // namespace watchpost::pop3
