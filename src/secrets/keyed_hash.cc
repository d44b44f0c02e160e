#include "secrets/keyed_hash.h"

#include <cstring>

#include <sodium.h>

#include "secrets/library.h"

namespace watchpost::secrets {

static_assert(crypto_shorthash_KEYBYTES == 16);
static_assert(crypto_shorthash_BYTES == sizeof(std::uint64_t));

KeyedHash::KeyedHash()
{
    ensure_library();
    crypto_shorthash_keygen(key_.data());
}

std::uint64_t KeyedHash::operator()(base::ByteView octets) const noexcept
{
    std::array<unsigned char, crypto_shorthash_BYTES> hash{};
    crypto_shorthash(hash.data(), reinterpret_cast<const unsigned char*>(octets.data()),
                     octets.size(), key_.data());
    std::uint64_t value = 0;
    std::memcpy(&value, hash.data(), sizeof value);
    return value;
}

} // namespace watchpost::secrets
