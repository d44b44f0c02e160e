// Secrets at rest: sealed with a public key, opened only by the process that holds the private
// half.
//
// libsodium sealed boxes (X25519, XSalsa20-Poly1305). Control seals mailbox passwords and cannot
// open them; the collector can. Key files are 0600. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace watchpost::secrets {

/// Bytes that are wiped when they go away. Never copied into a log, a metric or an error.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_{std::move(text)} {}
    ~Secret();
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;

    [[nodiscard]] std::string_view reveal() const noexcept { return text_; }

private:
    void wipe() noexcept;
    std::string text_;
};

using PublicKey = std::array<std::uint8_t, 32>;

/// Seals to a public key; the result is base64 text for the store.
[[nodiscard]] std::string seal(const PublicKey& recipient, std::string_view secret);

class KeyPair {
public:
    [[nodiscard]] static KeyPair make();

    /// The text of a key file, as to_key_file wrote it; damaged or foreign text is
    /// ErrorCode::damaged.
    [[nodiscard]] static base::Result<KeyPair> parse_key_file(std::string_view text);
    [[nodiscard]] Secret to_key_file() const;

    [[nodiscard]] const PublicKey& public_key() const noexcept { return public_; }

    /// ErrorCode::damaged where it was sealed to another key or was tampered with.
    [[nodiscard]] base::Result<Secret> open(std::string_view sealed) const;

    ~KeyPair();
    KeyPair(KeyPair&&) noexcept = default;
    KeyPair& operator=(KeyPair&&) noexcept = default;
    KeyPair(const KeyPair&) = delete;
    KeyPair& operator=(const KeyPair&) = delete;

private:
    KeyPair() = default;
    PublicKey public_{};
    std::array<std::uint8_t, 32> private_{};
};

/// Text of a public key for settings and the store: 64 hexadecimal digits, and back.
[[nodiscard]] std::string to_text(const PublicKey& key);
[[nodiscard]] base::Result<PublicKey> parse_public_key(std::string_view text);

} // namespace watchpost::secrets
