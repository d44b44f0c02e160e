#include "crypto/mac.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/assert.h"

namespace watchpost::crypto {

namespace {

const unsigned char* octets(base::ByteView bytes) noexcept
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* octets(std::span<std::byte> bytes) noexcept
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

/// Fetched once each; null where the provider has it not.
const EVP_MD* find(Algorithm algorithm) noexcept
{
    static const EVP_MD* const md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
    static const EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    switch (algorithm) {
    case Algorithm::md5:
        return md5;
    case Algorithm::sha1:
        return sha1;
    case Algorithm::sha256:
        return sha256;
    }
    return nullptr;
}

const EVP_MD* require(Algorithm algorithm)
{
    const EVP_MD* const found = find(algorithm);
    WP_ASSERT(found != nullptr);
    return found;
}

Mac empty_mac(const EVP_MD* algorithm)
{
    return Mac{static_cast<std::size_t>(EVP_MD_get_size(algorithm))};
}

} // namespace

bool is_available(Algorithm algorithm) noexcept
{
    return find(algorithm) != nullptr;
}

Mac::~Mac()
{
    OPENSSL_cleanse(octets_.data(), octets_.size());
}

Mac digest(Algorithm algorithm, base::ByteView bytes)
{
    const EVP_MD* const md = require(algorithm);
    Mac result = empty_mac(md);
    WP_ASSERT(EVP_Digest(bytes.data(), bytes.size(), octets(result.writable()), nullptr, md,
                         nullptr) == 1);
    return result;
}

Mac hmac(Algorithm algorithm, base::ByteView key, base::ByteView bytes)
{
    const EVP_MD* const md = require(algorithm);
    Mac result = empty_mac(md);
    // A null key would mean "the one of before" to OpenSSL.
    const unsigned char none = 0;
    WP_ASSERT(HMAC(md, key.empty() ? &none : octets(key), static_cast<int>(key.size()),
                   octets(bytes), bytes.size(), octets(result.writable()), nullptr) != nullptr);
    return result;
}

Mac pbkdf2(Algorithm algorithm, std::string_view password, base::ByteView salt,
           std::uint32_t iterations)
{
    const EVP_MD* const md = require(algorithm);
    Mac result = empty_mac(md);
    WP_ASSERT(PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), octets(salt),
                                static_cast<int>(salt.size()), static_cast<int>(iterations), md,
                                static_cast<int>(result.writable().size()),
                                octets(result.writable())) == 1);
    return result;
}

bool is_equal(base::ByteView a, base::ByteView b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::string& secret) noexcept
{
    secret.resize(secret.capacity());
    OPENSSL_cleanse(secret.data(), secret.size());
    secret.clear();
}

} // namespace watchpost::crypto
