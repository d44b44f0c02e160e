#include "secrets/password.h"

#include <array>
#include <vector>

#include <sodium.h>

#include "base/assert.h"
#include "secrets/library.h"

namespace watchpost::secrets {

std::string hash_password(std::string_view password, const PasswordCost& cost)
{
    ensure_library();
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    const int status =
        crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), cost.operations,
                              cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
    WP_ASSERT(status == 0); // fails only without memory
    return hash.data();
}

bool is_password(std::string_view password, const std::string& hash)
{
    ensure_library();
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool is_outdated(const std::string& hash, const PasswordCost& cost)
{
    ensure_library();
    return crypto_pwhash_str_needs_rehash(hash.c_str(), cost.operations, cost.memory_bytes) != 0;
}

std::string random_token(std::size_t octets)
{
    ensure_library();
    std::vector<unsigned char> bytes(octets);
    randombytes_buf(bytes.data(), bytes.size());
    constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_encoded_len(octets, variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
    text.pop_back(); // its NUL
    return text;
}

std::string random_password()
{
    ensure_library();
    constexpr std::string_view alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    constexpr std::uint32_t groups = 5;
    constexpr std::uint32_t group_length = 4;
    std::string text;
    for (std::uint32_t i = 0; i < groups * group_length; ++i) {
        if (i != 0 && i % group_length == 0) {
            text += '-';
        }
        text += alphabet[randombytes_uniform(static_cast<std::uint32_t>(alphabet.size()))];
    }
    return text;
}

bool is_equal(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace watchpost::secrets
