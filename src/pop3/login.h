// Chooses and carries out the log-in: the mechanism that was set, else the strongest that is
// announced, and USER and PASS where none is.
//
// Drives a Client, does no I/O. Counts how often the server refused the secret itself, since
// directories lock accounts after a few of those. Not thread-safe. RFC 1939 §7, RFC 5034.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "pop3/capabilities.h"
#include "pop3/client.h"
#include "pop3/credentials.h"
#include "pop3/login_options.h"
#include "pop3/mechanism.h"

namespace watchpost::pop3 {

class SaslExchange;

/// What is tried, in this order: SCRAM, SHA-256 before SHA-1, bound to the TLS session where the
/// server announces that; PLAIN, LOGIN, and USER last. CRAM-MD5 before PLAIN in clear, and under
/// TLS where nothing else is announced. Never APOP, never a token. ADR 0012 says why.
[[nodiscard]] std::deque<Mechanism> choose_mechanisms(const Capabilities& announced,
                                                      const LoginOptions& options);

class Login {
public:
    enum class Progress : std::uint8_t { waiting, logged_in };

    /// `refusals_max`: how often the server may refuse the secret before we stop, at least 1.
    Login(Credentials credentials, unsigned refusals_max, LoginOptions options = {});
    ~Login();
    Login(const Login&) = delete;
    Login& operator=(const Login&) = delete;

    /// Sends the first command. The capabilities are those of now: after the TLS handshake. An
    /// error where the mechanism that was set cannot be had.
    [[nodiscard]] base::Result<void> start(Client& client, const Capabilities& capabilities);

    /// Takes the reply to what was sent last and sends the next command. An error is final: the
    /// code says whether the credentials (auth_rejected) or the moment was wrong.
    [[nodiscard]] base::Result<Progress> on_reply(Client& client, const Event& reply);

    /// How often the server refused the secret, over all mechanisms.
    [[nodiscard]] unsigned refusals() const noexcept { return refusals_; }

    /// What was tried last.
    [[nodiscard]] Mechanism mechanism() const noexcept { return mechanism_; }

    /// What was tried before it and refused, though it was announced.
    [[nodiscard]] const std::vector<Mechanism>& rejected() const noexcept { return rejected_; }

private:
    enum class Stage : std::uint8_t {
        named,     // "AUTH X", which waits for a challenge
        initial,   // "AUTH X response"
        responded, // to a challenge
        user,
        pass,
        apop
    };

    [[nodiscard]] base::Result<void> try_next(Client& client);
    [[nodiscard]] base::Result<void> start_apop(Client& client);
    [[nodiscard]] base::Result<void> start_sasl(Client& client);
    [[nodiscard]] base::Result<Progress> on_challenge(Client& client, std::string_view text);
    [[nodiscard]] base::Result<Progress> respond(Client& client, base::Result<std::string> octets);
    [[nodiscard]] base::Result<Progress> finish();
    [[nodiscard]] base::Result<Progress> on_refusal(Client& client, const StatusLine& status);
    [[nodiscard]] base::Error explain(const base::Error& refusal) const;
    [[nodiscard]] bool has_sent_secret() const noexcept;
    [[nodiscard]] bool should_fall_through(const StatusLine& status) const;

    Credentials credentials_;
    unsigned refusals_max_;
    LoginOptions options_;
    unsigned refusals_ = 0;
    Capabilities announced_;
    std::deque<Mechanism> untried_;
    std::vector<Mechanism> rejected_;
    Mechanism mechanism_ = Mechanism::user_pass;
    std::unique_ptr<SaslExchange> exchange_; // of a mechanism of SASL
    Stage stage_ = Stage::user;
};

} // namespace watchpost::pop3
