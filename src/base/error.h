// Errors that a caller is expected to handle, and the Result<T> that carries them.
//
// An Error says what went wrong (code), whether trying again can help (retry),
// and which steps it passed on its way up (context). It holds no file:line: the
// context chain is what an operator reads, the code is what a program decides on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp> // only here: becomes std::expected with C++23

namespace watchpost::base {

enum class ErrorCode : std::uint8_t {
    invalid_argument,     // the caller's or operator's input is not usable
    not_found,            // a file, a name, an item that should be there is not
    permission_denied,    // the operating system said no
    io_failed,            // a read or write failed; the message names the errno
    disk_full,            // ENOSPC or EDQUOT
    damaged,              // stored bytes do not check out
    limit_exceeded,       // a named limit was reached
    timed_out,            // a deadline passed
    cancelled,            // stopped by us
    name_not_resolved,    // DNS or hosts gave no address
    connect_failed,       // no address of the peer took the connection
    connection_lost,      // the peer closed or reset it in the middle
    tls_failed,           // handshake failed for a reason other than the certificate
    certificate_rejected, // the certificate does not meet the policy
    protocol_violation,   // the peer broke the protocol
    refused_by_server,    // a well-formed negative reply
    auth_rejected,        // name or password refused
    busy,                 // somebody else holds it: a lock, a maildrop
    unsupported,          // well-formed, but not something we do
    engine_failed,        // an inspection engine did not do its work
    internal              // a library failed in a way that it should not
};

/// Can the same call succeed later without anybody changing anything?
enum class Retry : std::uint8_t { never, later };

/// The name of the code as it stands in logs and JSON: "auth_rejected".
[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;

class [[nodiscard]] Error {
public:
    Error(ErrorCode code, Retry retry, std::string message)
        : code_{code}
        , retry_{retry}
        , message_{std::move(message)}
    {
    }

    [[nodiscard]] ErrorCode code() const noexcept { return code_; }
    [[nodiscard]] Retry retry() const noexcept { return retry_; }
    [[nodiscard]] const std::string& message() const noexcept { return message_; }
    /// Innermost first. For carrying an error over the border of a process.
    [[nodiscard]] const std::vector<std::string>& steps() const noexcept { return steps_; }

    /// Adds the step that was under way. Call it once a layer, on the way up.
    Error&& during(std::string step) &&
    {
        steps_.push_back(std::move(step));
        return std::move(*this);
    }

    /// One line, outermost step first: "collect alice: log in: auth_rejected: wrong password".
    [[nodiscard]] std::string describe() const;

private:
    ErrorCode code_;
    Retry retry_;
    std::string message_;
    std::vector<std::string> steps_; // innermost first
};

template <typename T>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

[[nodiscard]] inline Failure fail(Error error)
{
    return Failure{std::move(error)};
}

[[nodiscard]] inline Failure fail(ErrorCode code, Retry retry, std::string message)
{
    return Failure{Error{code, retry, std::move(message)}};
}

/// The error of a failed system call; disk_full, permission_denied and not_found are told apart.
/// `what` names the call and its object: "open /var/lib/watchpost/spool".
[[nodiscard]] Error system_error(std::string_view what, int errno_value);

} // namespace watchpost::base
