// SCRAM-SHA-1 and SCRAM-SHA-256, with and without channel binding. RFC 5802, RFC 7677, RFC 9266.
//
// What an attacker would try here: a nonce that is not ours (replay), few iterations (a proof that
// is cheap to guess from), very many (our time), +OK without the server's own proof.
#include <algorithm>
#include <functional>

#include "base/assert.h"
#include "base/base64.h"
#include "crypto/mac.h"
#include "diag/quote.h"
#include "pop3/limits.h"
#include "pop3/sasl_exchanges.h"
#include "pop3/saslprep.h"

namespace watchpost::pop3 {

using base::ErrorCode;
using base::Result;
using base::Retry;

std::string to_saslname(std::string_view user)
{
    std::string name;
    for (const char c : user) {
        name += c == ',' ? std::string{"=2C"} : c == '=' ? std::string{"=3D"} : std::string(1, c);
    }
    return name;
}

namespace {

/// "r=…,s=…,i=…": takes the next attribute off the front; the value where its name is the one that
/// is due.
std::optional<std::string_view> take(std::string_view& message, char name)
{
    if (message.size() < 2 || message[0] != name || message[1] != '=') {
        return std::nullopt;
    }
    const auto end = std::min(message.find(','), message.size());
    const auto value = message.substr(2, end - 2);
    message.remove_prefix(std::min(end + 1, message.size()));
    return value;
}

struct ServerFirst {
    std::string nonce;
    std::string salt;
    std::uint32_t iterations = 0;
};

/// What is known of the words of RFC 5802 §7 "server-error-value".
bool speaks_of_binding(std::string_view error)
{
    return error == "channel-bindings-dont-match" || error == "server-does-support-channel-binding";
}

class Scram final : public SaslExchange {
public:
    Scram(Mechanism mechanism, const Credentials& credentials, const LoginOptions& options);

    std::optional<std::string> first() override { return gs2_header_ + first_bare_; }
    Result<std::string> answer(std::string_view challenge) override;
    Result<void> finish() override;
    [[nodiscard]] bool has_sent_secret() const noexcept override { return has_sent_proof_; }
    [[nodiscard]] std::string explanation() const override { return explanation_; }

private:
    enum class State : std::uint8_t { first, proof, verified, refused };

    [[nodiscard]] Result<ServerFirst> parse_first(std::string_view message) const;
    [[nodiscard]] Result<std::uint32_t> check_iterations(std::string_view digits) const;
    [[nodiscard]] Result<std::string> prove(const std::string& message);
    [[nodiscard]] Result<std::string> verify(const std::string& message);
    [[nodiscard]] Result<std::string> take_refusal(std::string_view error);
    [[nodiscard]] crypto::Mac mac(const crypto::Mac& key, std::string_view text) const
    {
        return crypto::hmac(algorithm_, key.bytes(), base::as_bytes(text));
    }
    [[nodiscard]] base::Failure broken(std::string message) const
    {
        return breaks(name_of(mechanism_), std::move(message));
    }

    Mechanism mechanism_;
    crypto::Algorithm algorithm_;
    Credentials credentials_;
    std::string nonce_;
    std::string gs2_header_;
    std::string binding_;
    std::string first_bare_;
    State state_ = State::first;
    bool has_sent_proof_ = false;
    crypto::Mac server_signature_{0};
    std::string explanation_;
};

/// RFC 5802 §6: "p" bound; "y" we could and the server announces that it cannot, which tells a
/// server that can of somebody who cut its announcement; "n" we cannot.
std::string gs2_header(Mechanism mechanism, const LoginOptions& options)
{
    if (is_bound(mechanism)) {
        return "p=" + options.binding->type + ",,";
    }
    return options.binding ? "y,," : "n,,";
}

Scram::Scram(Mechanism mechanism, const Credentials& credentials, const LoginOptions& options)
    : mechanism_{mechanism}
    , algorithm_{mechanism == Mechanism::scram_sha_1 || mechanism == Mechanism::scram_sha_1_plus
                     ? crypto::Algorithm::sha1
                     : crypto::Algorithm::sha256}
    , credentials_{credentials}
    , nonce_{options.make_nonce()}
    , gs2_header_{gs2_header(mechanism, options)}
    , binding_{is_bound(mechanism) ? options.binding->octets : ""}
    , first_bare_{"n=" + to_saslname(saslprep(credentials.user(), Unassigned::allowed)) +
                  ",r=" + nonce_}
{
}

Result<std::string> Scram::answer(std::string_view challenge)
{
    auto message = decode_challenge(name_of(mechanism_), challenge);
    if (!message) {
        return message;
    }
    switch (state_) {
    case State::first:
        return prove(*message);
    case State::proof:
        return verify(*message);
    case State::verified:
    case State::refused:
        break;
    }
    return asks_too_much(name_of(mechanism_), challenge);
}

Result<std::uint32_t> Scram::check_iterations(std::string_view digits) const
{
    const auto iterations = base::parse_decimal(digits);
    if (!iterations) {
        return broken("its iteration count is no number: \"" + diag::quote(digits, 40) + "\"");
    }
    if (*iterations < scram_iterations_min || *iterations > scram_iterations_max) {
        const bool is_few = *iterations < scram_iterations_min;
        return broken("an iteration count of " + std::to_string(*iterations) +
                      (is_few ? " would make the password easy to guess (at least 4096)"
                              : " would keep this machine busy (at most 2,000,000)") +
                      "; nothing was sent that depends on the password");
    }
    return static_cast<std::uint32_t>(*iterations);
}

/// RFC 5802 §7 "server-first-message". Extensions behind "i" are passed over, as it demands; "m="
/// in front is one that must not be.
Result<ServerFirst> Scram::parse_first(std::string_view message) const
{
    const auto nonce = take(message, 'r');
    const auto salt_text = nonce ? take(message, 's') : std::nullopt;
    const auto iterations_text = salt_text ? take(message, 'i') : std::nullopt;
    if (!iterations_text) {
        return broken("its first message has not nonce, salt and iteration count");
    }
    if (!nonce->starts_with(nonce_) || nonce->size() == nonce_.size()) {
        return broken("its nonce does not continue ours: the answer was made for another log-in");
    }
    auto salt = base::parse_base64(*salt_text);
    if (!salt || salt->empty()) {
        return broken("its salt is empty or not base 64");
    }
    const auto iterations = check_iterations(*iterations_text);
    if (!iterations) {
        return base::fail(iterations.error());
    }
    return ServerFirst{std::string{*nonce}, *std::move(salt), *iterations};
}

/// RFC 5802 §3.
Result<std::string> Scram::prove(const std::string& message)
{
    if (message.starts_with("e=")) {
        return take_refusal(std::string_view{message}.substr(2));
    }
    const auto server = parse_first(message);
    if (!server) {
        return base::fail(server.error());
    }
    std::string password = saslprep(credentials_.password(), Unassigned::refused);
    const auto salted =
        crypto::pbkdf2(algorithm_, password, base::as_bytes(server->salt), server->iterations);
    crypto::wipe(password);
    const auto client_key = mac(salted, "Client Key");
    const auto stored_key = crypto::digest(algorithm_, client_key.bytes());
    const std::string without_proof =
        "c=" + base::to_base64(gs2_header_ + binding_) + ",r=" + server->nonce;
    const std::string auth_message = first_bare_ + "," + message + "," + without_proof;
    auto proof = mac(stored_key, auth_message);
    std::ranges::transform(proof.bytes(), client_key.bytes(), proof.writable().begin(),
                           std::bit_xor<>{});
    server_signature_ = mac(mac(salted, "Server Key"), auth_message);
    state_ = State::proof;
    has_sent_proof_ = true;
    return without_proof + ",p=" + base::to_base64(base::as_text(proof.bytes()));
}

Result<std::string> Scram::verify(const std::string& message)
{
    std::string_view rest = message;
    if (const auto error = take(rest, 'e')) {
        return take_refusal(*error);
    }
    const auto text = take(rest, 'v');
    const auto signature = text ? base::parse_base64(*text) : std::nullopt;
    if (!signature) {
        return broken("its last message has no signature");
    }
    if (!crypto::is_equal(base::as_bytes(*signature), server_signature_.bytes())) {
        return base::fail(ErrorCode::protocol_violation, Retry::later,
                          "the server does not know the password, though it has to prove that it "
                          "does (" +
                              std::string{name_of(mechanism_)} +
                              "): it is not the server that the password is for, or somebody is in "
                              "between; the password is not at fault");
    }
    state_ = State::verified;
    return std::string{}; // RFC 5034 §4: +OK carries no data, so the signature came as a challenge
}

Result<std::string> Scram::take_refusal(std::string_view error)
{
    error = error.substr(0, error.find(','));
    if (speaks_of_binding(error)) {
        return base::fail(ErrorCode::protocol_violation, Retry::later,
                          "the server sees another TLS session, or announces other mechanisms, "
                          "than what arrives here (" +
                              diag::quote(error, 80) +
                              "): somebody may be in between; the password was not sent");
    }
    state_ = State::refused;
    explanation_ = "the server refuses " + std::string{name_of(mechanism_)} + ", and says \"" +
                   diag::quote(error, 80) + "\"";
    return std::string{};
}

Result<void> Scram::finish()
{
    if (state_ == State::verified) {
        return {};
    }
    return base::fail(ErrorCode::protocol_violation, Retry::later,
                      "the server said +OK to " + std::string{name_of(mechanism_)} +
                          " without the proof that it knows the password; it may not be the "
                          "server that the password is for");
}

} // namespace

SaslPointer make_scram(Mechanism mechanism, const Credentials& credentials,
                       const LoginOptions& options)
{
    WP_ASSERT(options.make_nonce != nullptr);
    return std::make_unique<Scram>(mechanism, credentials, options);
}

} // namespace watchpost::pop3
