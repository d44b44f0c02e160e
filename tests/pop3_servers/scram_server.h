// The server's side of SCRAM (RFC 5802 §3, RFC 7677), written apart from the client's and on
// OpenSSL alone; honest or not.
//
// For Pop3Script::sasl. Copies are servers of their own. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>

namespace watchpost::test {

enum class ScramFault : std::uint8_t {
    none,
    foreign_nonce,
    nonce_of_the_client_alone,
    empty_salt,
    salt_without_base64,
    one_iteration,
    a_billion_iterations,
    wrong_signature,
    no_signature,
    ok_without_proof, // at once behind the client's proof
    ok_at_once,
    challenge_without_base64
};

class ScramServer {
public:
    ScramServer(std::string password, ScramFault fault)
        : password_{std::move(password)}
        , fault_{fault}
    {
    }

    /// `line` "AUTH SCRAM-…", or what answers a challenge.
    std::string operator()(const std::string& line, const std::string& binding);

    bool binds = true; // false: it does not do channel binding

private:
    enum class State : std::uint8_t { named, first, proof, refused };

    [[nodiscard]] std::string name(const std::string& line);
    [[nodiscard]] std::string first(const std::string& message);
    [[nodiscard]] std::string check(const std::string& message, const std::string& binding);
    [[nodiscard]] std::string refuse(const std::string& error);
    [[nodiscard]] std::string mac(const std::string& key, const std::string& text) const;

    std::string password_;
    ScramFault fault_;
    bool is_sha256_ = true;
    State state_ = State::named;
    std::string gs2_header_;
    std::string auth_message_; // as far as it is known
    std::string nonce_;
};

} // namespace watchpost::test
