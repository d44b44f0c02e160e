// Passwords of accounts (Argon2id, RFC 9106) and random tokens, by libsodium. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace watchpost::secrets {

/// How much a guess costs. Hashing takes that much memory and blocks: callers use a pool of their
/// own.
struct PasswordCost {
    unsigned long long operations = 3;
    std::size_t memory_bytes = std::size_t{64} << 20U;
};

/// A PHC string ("$argon2id$…") with a salt of its own, for the store.
[[nodiscard]] std::string hash_password(std::string_view password, const PasswordCost& cost = {});

/// False for a wrong password and for a string that is no Argon2id hash.
[[nodiscard]] bool is_password(std::string_view password, const std::string& hash);

/// True where the hash was made at another cost and should be made anew at the next sign-in.
[[nodiscard]] bool is_outdated(const std::string& hash, const PasswordCost& cost = {});

/// `octets` random octets as URL-safe base64 without padding: session ids, CSRF and enrolment
/// tokens.
[[nodiscard]] std::string random_token(std::size_t octets = 32);

/// A password that can be read aloud: groups of letters and digits without look-alikes, about 100
/// bits.
[[nodiscard]] std::string random_password();

/// Compares in constant time for equal lengths.
[[nodiscard]] bool is_equal(std::string_view a, std::string_view b) noexcept;

} // namespace watchpost::secrets
