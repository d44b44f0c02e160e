// Digests, keyed digests (HMAC, RFC 2104) and keys out of passwords (PBKDF2, RFC 8018 §5.2) for the
// log-in mechanisms of mail protocols, by OpenSSL's libcrypto.
//
// MD5 and SHA-1 are here for the protocols that demand them, and to name a file to those who know
// it by them; nothing is trusted for them. Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::crypto {

enum class Algorithm : std::uint8_t { md5, sha1, sha256 };

/// False where this OpenSSL has it not: MD5 where only FIPS algorithms are allowed.
[[nodiscard]] bool is_available(Algorithm algorithm) noexcept;

/// What a digest comes to. Wiped when it goes: it is often a key.
class Mac {
public:
    explicit Mac(std::size_t size) noexcept : size_{size} {}
    ~Mac();
    Mac(const Mac&) = default;
    Mac& operator=(const Mac&) = default;

    [[nodiscard]] base::ByteView bytes() const noexcept
    {
        return base::ByteView{octets_}.first(size_);
    }
    [[nodiscard]] std::span<std::byte> writable() noexcept
    {
        return std::span{octets_}.first(size_);
    }

private:
    std::array<std::byte, 32> octets_{};
    std::size_t size_;
};

/// The algorithm is available.
[[nodiscard]] Mac digest(Algorithm algorithm, base::ByteView bytes);
[[nodiscard]] Mac hmac(Algorithm algorithm, base::ByteView key, base::ByteView bytes);

/// A key as long as the digest. Takes as long as the iterations do: bound them.
[[nodiscard]] Mac pbkdf2(Algorithm algorithm, std::string_view password, base::ByteView salt,
                         std::uint32_t iterations);

/// In a time that tells nothing of where they differ.
[[nodiscard]] bool is_equal(base::ByteView a, base::ByteView b) noexcept;

/// Overwrites a secret, and what a move may have left in its small buffer.
void wipe(std::string& secret) noexcept;

} // namespace watchpost::crypto
