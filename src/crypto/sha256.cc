#include "crypto/sha256.h"

#include <openssl/evp.h>

#include "base/assert.h"

namespace watchpost::crypto {

namespace {

/// Fetched once: EVP_sha256() would be looked up in the provider at every digest.
const EVP_MD* sha256_algorithm()
{
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    WP_ASSERT(algorithm != nullptr); // the default provider always has it
    return algorithm;
}

} // namespace

struct Sha256Hasher::Context {
    Context() { restart(); }
    ~Context() { EVP_MD_CTX_free(md); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    void restart() { WP_ASSERT(EVP_DigestInit_ex2(md, sha256_algorithm(), nullptr) == 1); }

    EVP_MD_CTX* md = EVP_MD_CTX_new();
};

Sha256Hasher::Sha256Hasher() : context_{std::make_unique<Context>()} {}

Sha256Hasher::~Sha256Hasher() = default;
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&&) noexcept = default;

void Sha256Hasher::update(base::ByteView bytes)
{
    WP_ASSERT(EVP_DigestUpdate(context_->md, bytes.data(), bytes.size()) == 1);
}

Sha256 Sha256Hasher::finish()
{
    Sha256 digest{};
    unsigned length = 0;
    WP_ASSERT(EVP_DigestFinal_ex(context_->md, digest.data(), &length) == 1);
    WP_ASSERT(length == digest.size());
    context_->restart();
    return digest;
}

Sha256 sha256(base::ByteView bytes)
{
    Sha256 digest{};
    WP_ASSERT(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, sha256_algorithm(),
                         nullptr) == 1);
    return digest;
}

std::string to_hex(const Sha256& digest)
{
    return base::to_hex(std::as_bytes(std::span{digest}));
}

} // namespace watchpost::crypto
