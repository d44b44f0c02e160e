// SHA-256 (FIPS 180-4), by OpenSSL's libcrypto. The only target that wraps its digests.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"

namespace watchpost::crypto {

using Sha256 = std::array<std::uint8_t, 32>;

/// Lower-case hexadecimal, 64 characters.
[[nodiscard]] std::string to_hex(const Sha256& digest);

[[nodiscard]] Sha256 sha256(base::ByteView bytes);

/// The digest of bytes that arrive in pieces. Not thread-safe; a moved-from one may only be
/// destroyed.
class Sha256Hasher {
public:
    Sha256Hasher();
    ~Sha256Hasher();
    Sha256Hasher(Sha256Hasher&&) noexcept;
    Sha256Hasher& operator=(Sha256Hasher&&) noexcept;
    Sha256Hasher(const Sha256Hasher&) = delete;
    Sha256Hasher& operator=(const Sha256Hasher&) = delete;

    void update(base::ByteView bytes);

    /// The digest of all bytes so far; afterwards the hasher is as new.
    [[nodiscard]] Sha256 finish();

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

} // namespace watchpost::crypto
