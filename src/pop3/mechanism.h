// The ways to log in that we speak, by name.
//
// Plain values and pure functions. RFC 1939 §7, RFC 5034; the mechanisms: RFC 4616 (PLAIN), RFC
// 2195 (CRAM-MD5), RFC 5802 and RFC 7677 (SCRAM), RFC 7628 (OAUTHBEARER), RFC 4422 App. A
// (EXTERNAL).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace watchpost::pop3 {

enum class Mechanism : std::uint8_t {
    user_pass, // USER and PASS
    apop,
    plain,
    login,
    cram_md5,
    scram_sha_1,
    scram_sha_1_plus, // bound to the TLS session
    scram_sha_256,
    scram_sha_256_plus,
    xoauth2, // the two that take a token in place of a password
    oauthbearer,
    external // the client certificate of the TLS session is what logs in
};

inline constexpr std::array all_mechanisms{Mechanism::user_pass,
                                           Mechanism::apop,
                                           Mechanism::plain,
                                           Mechanism::login,
                                           Mechanism::cram_md5,
                                           Mechanism::scram_sha_1,
                                           Mechanism::scram_sha_1_plus,
                                           Mechanism::scram_sha_256,
                                           Mechanism::scram_sha_256_plus,
                                           Mechanism::xoauth2,
                                           Mechanism::oauthbearer,
                                           Mechanism::external};

/// As servers announce it: "SCRAM-SHA-256-PLUS"; "USER" and "APOP" for what is no SASL.
[[nodiscard]] std::string_view name_of(Mechanism mechanism) noexcept;

/// The words of the command line: "user-pass", "scram-sha-256-plus"; nullopt for other words.
[[nodiscard]] std::string_view to_string(Mechanism mechanism) noexcept;
[[nodiscard]] std::optional<Mechanism> parse_mechanism(std::string_view text) noexcept;

/// SCRAM whose proof holds in this TLS session alone.
[[nodiscard]] bool is_bound(Mechanism mechanism) noexcept;

/// What is sent proves the password and is not the password: SCRAM, CRAM-MD5, APOP.
[[nodiscard]] bool is_proof(Mechanism mechanism) noexcept;

/// Takes an OAuth 2.0 access token in place of a password.
[[nodiscard]] bool takes_token(Mechanism mechanism) noexcept;

} // namespace watchpost::pop3
