#include "office_maker.h"

#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64.h"
#include "ole_maker.h"

namespace watchpost::unpack::test {
namespace {

const unsigned char* octets(const std::string& text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string digest(const EVP_MD* function, const std::string& text)
{
    std::string value(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(value.data()), &size,
               function, nullptr);
    value.resize(size);
    return value;
}

std::string number(std::uint64_t value, std::size_t size)
{
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        text += static_cast<char>((value >> (8 * i)) & 0xFFU);
    }
    return text;
}

std::string utf16(const std::string& ascii)
{
    std::string text;
    for (const char letter : ascii) {
        text += letter;
        text += '\0';
    }
    return text;
}

std::string padded(std::string text)
{
    text.resize((text.size() + 15) / 16 * 16, '\0');
    return text;
}

std::string encrypt(const EVP_CIPHER* cipher, const std::string& key, const std::string& iv,
                    const std::string& text)
{
    const auto plain = padded(text);
    std::string result(plain.size(), '\0');
    auto* const context = EVP_CIPHER_CTX_new();
    int count = 0;
    EVP_EncryptInit_ex(context, cipher, nullptr, octets(key), iv.empty() ? nullptr : octets(iv));
    EVP_CIPHER_CTX_set_padding(context, 0);
    EVP_EncryptUpdate(context, reinterpret_cast<unsigned char*>(result.data()), &count,
                      octets(plain), static_cast<int>(plain.size()));
    EVP_CIPHER_CTX_free(context);
    return result;
}

std::string stretched(const EVP_MD* function, const std::string& salt, const std::string& password,
                      std::uint32_t rounds)
{
    auto value = digest(function, salt + utf16(password));
    for (std::uint32_t round = 0; round < rounds; ++round) {
        value = digest(function, number(round, 4) + value);
    }
    return value;
}

std::string attribute(const std::string& name, const std::string& value)
{
    return ' ' + name + "=\"" + value + '"';
}

std::string common(const std::string& salt, const std::string& chaining)
{
    return attribute("saltSize", "16") + attribute("blockSize", "16") +
           attribute("keyBits", "256") + attribute("hashSize", "64") +
           attribute("cipherAlgorithm", "AES") + attribute("cipherChaining", chaining) +
           attribute("hashAlgorithm", "SHA512") + attribute("saltValue", base::to_base64(salt));
}

} // namespace

std::string make_agile_office(const std::string& document, const AgileOptions& options)
{
    const auto* const sha = EVP_sha512();
    const auto* const aes = EVP_aes_256_cbc();
    const std::string password_salt = "0123456789abcdef";
    const std::string package_salt = "fedcba9876543210";
    const std::string key = "the key of the package, 32 octet";
    const std::string verifier = "sixteen octets!!";
    const std::string secret(64, 's');

    std::string package =
        options.told_size.empty() ? number(document.size(), 8) : options.told_size;
    for (std::size_t at = 0, segment = 0; at < document.size(); at += 4'096, ++segment) {
        const auto iv = digest(sha, package_salt + number(segment, 4)).substr(0, 16);
        package += encrypt(aes, key, iv, document.substr(at, 4'096));
    }
    const auto base = stretched(sha, password_salt, options.password, options.rounds);
    const auto by_password = [&](const char* block, const std::string& value) {
        const auto block_key = digest(sha, base + std::string{block, 8}).substr(0, 32);
        return base::to_base64(encrypt(aes, block_key, password_salt, value));
    };
    const auto by_package = [&](const char* block, const std::string& value) {
        const auto iv = digest(sha, package_salt + std::string{block, 8}).substr(0, 16);
        return base::to_base64(encrypt(aes, key, iv, value));
    };
    std::string hmac(64, '\0');
    unsigned size = 0;
    HMAC(sha, secret.data(), static_cast<int>(secret.size()), octets(package), package.size(),
         reinterpret_cast<unsigned char*>(hmac.data()), &size);
    hmac[0] = static_cast<char>(options.has_right_hmac ? hmac[0] : ~hmac[0]);

    const std::string xml =
        "<?xml version=\"1.0\"?><encryption><keyData" + common(package_salt, options.chaining) +
        "/><dataIntegrity" +
        attribute("encryptedHmacKey", by_package("\x5F\xB2\xAD\x01\x0C\xB9\xE1\xF6", secret)) +
        attribute("encryptedHmacValue", by_package("\xA0\x67\x7F\x02\xB2\x2C\x84\x33", hmac)) +
        "/><keyEncryptors><keyEncryptor><p:encryptedKey" +
        attribute("spinCount", options.told_rounds) + common(password_salt, options.chaining) +
        attribute("encryptedVerifierHashInput",
                  by_password("\xFE\xA7\xD2\x76\x3B\x4B\x9E\x79", verifier)) +
        attribute("encryptedVerifierHashValue",
                  by_password("\xD7\xAA\x0F\x6D\x30\x61\x34\x4E", digest(sha, verifier))) +
        attribute("encryptedKeyValue", by_password("\x14\x6E\x0B\xE7\xAB\xAC\xD0\xD6", key)) +
        "/></keyEncryptor></keyEncryptors></encryption>";
    return make_ole({{"EncryptionInfo", number(0x00040004, 4) + number(0x40, 4) + xml},
                     {"EncryptedPackage", package}});
}

std::string make_standard_office(const std::string& document, const std::string& password)
{
    const auto* const sha = EVP_sha1();
    const auto* const aes = EVP_aes_128_ecb();
    constexpr std::uint32_t rounds = 50'000;
    const std::string salt = "0123456789abcdef";
    const std::string verifier = "sixteen octets!!";
    const auto last = digest(sha, stretched(sha, salt, password, rounds) + number(0, 4));
    std::string block(64, '\x36');
    for (std::size_t i = 0; i < last.size(); ++i) {
        block[i] = static_cast<char>(block[i] ^ last[i]);
    }
    const auto key = digest(sha, block).substr(0, 16);
    const std::string header = number(0x24, 4) + number(0, 4) + number(0x660E, 4) +
                               number(0x8004, 4) + number(128, 4) + number(0x18, 4) + number(0, 8);
    const std::string info = number(0x00020004, 4) + number(0x24, 4) + number(header.size(), 4) +
                             header + number(16, 4) + salt + encrypt(aes, key, "", verifier) +
                             number(20, 4) + encrypt(aes, key, "", digest(sha, verifier));
    return make_ole(
        {{"EncryptionInfo", info},
         {"EncryptedPackage", number(document.size(), 8) + encrypt(aes, key, "", document)}});
}

} // namespace watchpost::unpack::test
