// A hash for tables whose keys strangers choose: without knowing what is drawn here, nobody can
// make them collide. SipHash-2-4 by libsodium.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace watchpost::secrets {

/// Copies hash alike. Thread-safe.
class KeyedHash {
public:
    KeyedHash(); // draws the key

    [[nodiscard]] std::uint64_t operator()(base::ByteView octets) const noexcept;

private:
    std::array<unsigned char, 16> key_{};
};

} // namespace watchpost::secrets
