// Chooses and carries out the log-in: SASL PLAIN where it is announced, else USER and PASS.
//
// Drives a Client, does no I/O. Counts how often the server refused the secret itself, since
// directories lock accounts after a few of those. Not thread-safe. RFC 1939 §7, RFC 5034, RFC 4616.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "pop3/capabilities.h"
#include "pop3/client.h"
#include "pop3/credentials.h"

namespace watchpost::pop3 {

class Login {
public:
    enum class Progress : std::uint8_t { waiting, logged_in };

    /// `refusals_max`: how often the server may refuse the secret before we stop, at least 1.
    Login(Credentials credentials, unsigned refusals_max)
        : credentials_{std::move(credentials)}
        , refusals_max_{refusals_max}
    {
    }

    /// Sends the first command. The capabilities are those of now: after the TLS handshake.
    void start(Client& client, const Capabilities& capabilities);

    /// Takes the reply to what was sent last and sends the next command. An error is final: the
    /// code says whether the credentials (auth_rejected) or the moment was wrong.
    [[nodiscard]] base::Result<Progress> on_reply(Client& client, const Event& reply);

    /// How often the server refused the secret, over all mechanisms.
    [[nodiscard]] unsigned refusals() const noexcept { return refusals_; }

    /// "PLAIN" or "USER": what was tried last.
    [[nodiscard]] std::string_view mechanism() const noexcept;

private:
    enum class State : std::uint8_t { auth, auth_initial, response, user, pass };

    void start_user(Client& client);
    [[nodiscard]] base::Result<Progress> on_refusal(Client& client, const StatusLine& status);
    [[nodiscard]] bool should_fall_through(const StatusLine& status) const;

    Credentials credentials_;
    unsigned refusals_max_;
    unsigned refusals_ = 0;
    State state_ = State::user;
};

} // namespace watchpost::pop3
