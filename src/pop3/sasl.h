// The client's side of one SASL exchange, without I/O: challenges in, responses out. RFC 4422,
// RFC 5034 §4. Private.
//
// A challenge is the text behind the server's "+ ", a response the octets before base 64. Nothing
// is retried here, and no server is believed to be the right one: SCRAM demands the server's own
// proof. Not thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "pop3/credentials.h"
#include "pop3/login_options.h"
#include "pop3/mechanism.h"

namespace watchpost::pop3 {

class SaslExchange {
public:
    virtual ~SaslExchange() = default;
    SaslExchange(const SaslExchange&) = delete;
    SaslExchange& operator=(const SaslExchange&) = delete;

    /// What the client says before it has heard anything; nullopt where the server begins. May be
    /// asked for again where the server overlooked it.
    [[nodiscard]] virtual std::optional<std::string> first() { return std::nullopt; }

    /// The response to the next challenge. An error ends the log-in: the server is not to be gone
    /// on with.
    [[nodiscard]] virtual base::Result<std::string> answer(std::string_view challenge) = 0;

    /// The server said +OK. An error where it has not shown what it has to.
    [[nodiscard]] virtual base::Result<void> finish() { return {}; }

    /// Whether the secret, or a proof of it, has gone out.
    [[nodiscard]] virtual bool has_sent_secret() const noexcept = 0;

    /// What the server told of a refusal that is to come, in words and quoted; mostly empty.
    [[nodiscard]] virtual std::string explanation() const { return {}; }

protected:
    SaslExchange() = default;
};

/// `mechanism` is one of SASL. unsupported where it cannot be had: channel binding without TLS, MD5
/// on a machine that forbids it.
[[nodiscard]] base::Result<std::unique_ptr<SaslExchange>>
make_sasl(Mechanism mechanism, const Credentials& credentials, const LoginOptions& options);

} // namespace watchpost::pop3
