// The first line of a POP3 reply: status, response code, text. RFC 1939 §3, RFC 2449 §8, RFC 3206.
//
// Pure functions over views; nothing is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace watchpost::pop3 {

enum class Status : std::uint8_t {
    ok,  // "+OK"
    err, // "-ERR"
    more // "+": the server waits for the next line of a SASL exchange. RFC 5034 §4
};

enum class ResponseCode : std::uint8_t {
    none,
    in_use,      // somebody else holds the maildrop. RFC 2449 §8.1.2
    login_delay, // too soon after the last log-in. RFC 2449 §8.1.1
    sys_temp,    // RFC 3206 §4
    sys_perm,
    auth, // the credentials are at fault, not the server. RFC 3206 §5
    other // bracketed, but unknown to us: no meaning but the text's
};

struct StatusLine {
    Status status = Status::ok;
    ResponseCode code = ResponseCode::none;
    std::string_view text; // all that follows the status, code included; a view of the line
};

/// What stands in the way where a server says -ERR: what the code says, else what the words do.
enum class Trouble : std::uint8_t {
    none,
    in_use,      // another session holds the maildrop
    login_delay, // too soon, or too often
    temporary,   // something at the server that may pass
    permanent,   // something at the server that does not pass by itself
    credentials, // [AUTH]
    other        // neither code nor words tell
};

[[nodiscard]] Trouble trouble_of(const StatusLine& line) noexcept;

/// nullopt where the line is no status line: then we are out of step or this is no POP3 server.
[[nodiscard]] std::optional<StatusLine> parse_status_line(std::string_view line);

/// What a "-ERR" to anything but credentials means: the text is quoted, the code says whether
/// trying again can help.
[[nodiscard]] base::Error refusal(const StatusLine& line);

/// The same where the credentials were just sent: without a code and without such words, they are
/// what was refused (auth_rejected).
[[nodiscard]] base::Error login_refusal(const StatusLine& line);

} // namespace watchpost::pop3
