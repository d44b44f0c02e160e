#include "unpack/office_encryption.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <memory>
#include <span>
#include <utility>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64.h"
#include "unpack/little_endian.h"
#include "unpack/xml_tags.h"

namespace watchpost::unpack {
namespace {

using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using base::Result;
using base::Retry;
using namespace std::string_view_literals;

using Hash = OfficeCipher::Hash;
using Key = OfficeCipher::Key;

constexpr std::size_t block_bytes = 16; // AES
constexpr std::byte filler{0x36};       // [MS-OFFCRYPTO] §2.3.4.11: what a short key is filled with

base::Failure fail(ErrorCode code, std::string what)
{
    return base::fail(code, Retry::never, std::move(what));
}

const EVP_MD* function_of(Hash hash)
{
    switch (hash) {
    case Hash::md5:
        return EVP_md5();
    case Hash::sha1:
        return EVP_sha1();
    case Hash::sha256:
        return EVP_sha256();
    case Hash::sha384:
        return EVP_sha384();
    case Hash::sha512:
        return EVP_sha512();
    }
    return EVP_sha1();
}

std::size_t size_of(Hash hash)
{
    return static_cast<std::size_t>(EVP_MD_get_size(function_of(hash)));
}

class Digest {
public:
    explicit Digest(Hash hash) : hash_{hash}, context_{EVP_MD_CTX_new(), EVP_MD_CTX_free} {}

    Bytes of(std::initializer_list<ByteView> pieces)
    {
        Bytes digest(size_of(hash_));
        into(digest, pieces);
        return digest;
    }

    /// A piece may be `digest` itself.
    void into(Bytes& digest, std::initializer_list<ByteView> pieces)
    {
        EVP_DigestInit_ex(context_.get(), function_of(hash_), nullptr);
        for (const auto piece : pieces) {
            EVP_DigestUpdate(context_.get(), piece.data(), piece.size());
        }
        EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()),
                           nullptr);
    }

private:
    Hash hash_;
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

std::array<std::byte, 4> little_endian(std::uint32_t value)
{
    std::array<std::byte, 4> octets{};
    for (unsigned i = 0; i < octets.size(); ++i) {
        octets[i] = static_cast<std::byte>((value >> (8U * i)) & 0xFFU);
    }
    return octets;
}

Bytes fitted(Bytes bytes, std::size_t size)
{
    bytes.resize(size, filler);
    return bytes;
}

enum class Mode : std::uint8_t { ecb, cbc };

const EVP_CIPHER* aes(Mode mode, std::size_t key_bytes)
{
    switch (key_bytes) {
    case 16:
        return mode == Mode::ecb ? EVP_aes_128_ecb() : EVP_aes_128_cbc();
    case 24:
        return mode == Mode::ecb ? EVP_aes_192_ecb() : EVP_aes_192_cbc();
    default:
        return mode == Mode::ecb ? EVP_aes_256_ecb() : EVP_aes_256_cbc();
    }
}

/// Whole blocks; what is behind the last one is left out.
Bytes decrypt(Mode mode, ByteView key, ByteView iv, ByteView bytes)
{
    const auto octets = [](const auto* data) {
        return reinterpret_cast<const unsigned char*>(data);
    };
    const auto whole = bytes.first(bytes.size() / block_bytes * block_bytes);
    Bytes plain(whole.size());
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context{
        EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free};
    int count = 0;
    const bool is_done =
        EVP_DecryptInit_ex(context.get(), aes(mode, key.size()), nullptr, octets(key.data()),
                           mode == Mode::cbc ? octets(iv.data()) : nullptr) == 1 &&
        EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
        EVP_DecryptUpdate(context.get(), reinterpret_cast<unsigned char*>(plain.data()), &count,
                          octets(whole.data()), static_cast<int>(whole.size())) == 1;
    return is_done ? plain : Bytes{};
}

/// UTF-16, little-endian; what is no UTF-8 is passed over, and will open nothing.
Bytes to_utf16(std::string_view text)
{
    Bytes units;
    const auto put = [&units](std::uint32_t unit) {
        units.push_back(static_cast<std::byte>(unit & 0xFFU));
        units.push_back(static_cast<std::byte>((unit >> 8U) & 0xFFU));
    };
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        const unsigned more = lead < 0x80U ? 0 : lead < 0xE0U ? 1 : lead < 0xF0U ? 2 : 3;
        std::uint32_t point = more == 0 ? lead : lead & (0x3FU >> more);
        for (unsigned j = 0; j < more && i < text.size(); ++j) {
            point = (point << 6U) | (static_cast<unsigned char>(text[i++]) & 0x3FU);
        }
        if (point < 0x10000U) {
            put(point);
        } else {
            put(0xD7C0U + (point >> 10U));
            put(0xDC00U + (point & 0x3FFU));
        }
    }
    return units;
}

/// [MS-OFFCRYPTO] §2.3.4.7 and §2.3.4.11: what is slow on purpose.
Bytes stretched(const OfficeCipher& cipher, std::string_view password)
{
    Digest digest{cipher.password.hash};
    auto value = digest.of({cipher.password.salt, to_utf16(password)});
    for (std::uint32_t round = 0; round < cipher.rounds; ++round) {
        const auto number = little_endian(round);
        digest.into(value, {number, value});
    }
    return value;
}

// [MS-OFFCRYPTO] §2.3.4.11 to §2.3.4.14: the block keys.
constexpr std::array verifier_input_block{std::byte{0xFE}, std::byte{0xA7}, std::byte{0xD2},
                                          std::byte{0x76}, std::byte{0x3B}, std::byte{0x4B},
                                          std::byte{0x9E}, std::byte{0x79}};
constexpr std::array verifier_hash_block{std::byte{0xD7}, std::byte{0xAA}, std::byte{0x0F},
                                         std::byte{0x6D}, std::byte{0x30}, std::byte{0x61},
                                         std::byte{0x34}, std::byte{0x4E}};
constexpr std::array key_value_block{std::byte{0x14}, std::byte{0x6E}, std::byte{0x0B},
                                     std::byte{0xE7}, std::byte{0xAB}, std::byte{0xAC},
                                     std::byte{0xD0}, std::byte{0xD6}};
constexpr std::array hmac_key_block{std::byte{0x5F}, std::byte{0xB2}, std::byte{0xAD},
                                    std::byte{0x01}, std::byte{0x0C}, std::byte{0xB9},
                                    std::byte{0xE1}, std::byte{0xF6}};
constexpr std::array hmac_value_block{std::byte{0xA0}, std::byte{0x67}, std::byte{0x7F},
                                      std::byte{0x02}, std::byte{0xB2}, std::byte{0x2C},
                                      std::byte{0x84}, std::byte{0x33}};

bool begins_with(ByteView bytes, ByteView beginning)
{
    return bytes.size() >= beginning.size() &&
           std::ranges::equal(bytes.first(beginning.size()), beginning);
}

std::optional<Bytes> agile_key(const OfficeCipher& cipher, std::string_view password)
{
    Digest digest{cipher.password.hash};
    const auto base = stretched(cipher, password);
    const auto iv = fitted(cipher.password.salt, block_bytes);
    const auto opened = [&](ByteView block, const Bytes& value) {
        const auto key = fitted(digest.of({base, block}), cipher.password.key_bytes);
        return decrypt(Mode::cbc, key, iv, value);
    };
    auto input = opened(verifier_input_block, cipher.verifier);
    input.resize(std::min(input.size(), cipher.password.salt.size()));
    if (input.empty() ||
        !begins_with(opened(verifier_hash_block, cipher.verifier_hash), digest.of({input}))) {
        return std::nullopt;
    }
    auto key = opened(key_value_block, cipher.key_value);
    if (key.size() < cipher.package.key_bytes) {
        return std::nullopt;
    }
    key.resize(cipher.package.key_bytes);
    return key;
}

/// [MS-OFFCRYPTO] §2.3.4.7 to §2.3.4.9.
std::optional<Bytes> standard_key(const OfficeCipher& cipher, std::string_view password)
{
    Digest digest{Hash::sha1};
    const auto last = digest.of({stretched(cipher, password), little_endian(0)});
    const auto half = [&](std::byte pad) {
        std::array<std::byte, 64> block{};
        block.fill(pad);
        for (std::size_t i = 0; i < last.size(); ++i) {
            block[i] ^= last[i];
        }
        return digest.of({block});
    };
    auto key = half(std::byte{0x36});
    const auto second = half(std::byte{0x5C});
    key.insert(key.end(), second.begin(), second.end());
    key.resize(cipher.password.key_bytes);
    const auto verifier = decrypt(Mode::ecb, key, {}, cipher.verifier);
    const bool is_right =
        !verifier.empty() &&
        begins_with(decrypt(Mode::ecb, key, {}, cipher.verifier_hash), digest.of({verifier}));
    return is_right ? std::optional{std::move(key)} : std::nullopt;
}

/// [MS-OFFCRYPTO] §2.3.4.5: header and verifier of standard encryption.
Result<OfficeCipher> read_standard(ByteView info)
{
    constexpr std::size_t header_at = 12;
    constexpr std::uint32_t aes_128 = 0x660E;
    constexpr std::uint32_t aes_256 = 0x6610;
    const std::size_t header_bytes = u32_at(info, 8);
    const auto algorithm = u32_at(info, header_at + 8);
    if (algorithm < aes_128 || algorithm > aes_256) {
        return fail(ErrorCode::unsupported, "its cipher is not AES");
    }
    OfficeCipher cipher;
    cipher.password.key_bytes = 16 + std::size_t{8} * (algorithm - aes_128);
    const auto verifier =
        header_bytes < info.size() ? base::slice(info, header_at + header_bytes, 72) : ByteView{};
    if (verifier.size() < 72 || u32_at(verifier, 0) != 16) {
        return fail(ErrorCode::damaged, "its verifier does not hold");
    }
    const auto take = [&](std::size_t at, std::size_t count) {
        const auto piece = verifier.subspan(at, count);
        return Bytes{piece.begin(), piece.end()};
    };
    cipher.password.salt = take(4, 16);
    cipher.verifier = take(20, 16);
    cipher.verifier_hash = take(40, 32);
    return cipher;
}

std::string_view attribute(const XmlTag& tag, std::string_view name)
{
    const auto found = std::ranges::find(tag.attributes, name, &XmlAttribute::name);
    return found == tag.attributes.end() ? std::string_view{} : found->value;
}

Bytes octets_of(const XmlTag& tag, std::string_view name)
{
    constexpr std::size_t octets_max = 1'024;
    const auto octets = base::parse_base64(attribute(tag, name));
    if (!octets || octets->size() > octets_max) {
        return {};
    }
    const auto bytes = base::as_bytes(*octets);
    return {bytes.begin(), bytes.end()};
}

std::optional<Hash> hash_named(std::string_view name)
{
    constexpr std::array<std::pair<std::string_view, Hash>, 6> names{{{"MD5"sv, Hash::md5},
                                                                      {"SHA1"sv, Hash::sha1},
                                                                      {"SHA-1"sv, Hash::sha1},
                                                                      {"SHA256"sv, Hash::sha256},
                                                                      {"SHA384"sv, Hash::sha384},
                                                                      {"SHA512"sv, Hash::sha512}}};
    const auto* const found =
        std::ranges::find(names, name, &std::pair<std::string_view, Hash>::first);
    return found == names.end() ? std::nullopt : std::optional{found->second};
}

/// What the package and the password have in common. [MS-OFFCRYPTO] §2.3.4.10.
Result<Key> read_key(const XmlTag& tag)
{
    const auto hash = hash_named(attribute(tag, "hashalgorithm"));
    if (attribute(tag, "cipheralgorithm") != "AES" ||
        attribute(tag, "cipherchaining") != "ChainingModeCBC" || !hash) {
        return fail(ErrorCode::unsupported, "its cipher or hash is not supported");
    }
    const auto bits = base::parse_decimal(attribute(tag, "keybits")).value_or(0);
    Key key{octets_of(tag, "saltvalue"), static_cast<std::size_t>(bits / 8), *hash};
    if ((bits != 128 && bits != 192 && bits != 256) || key.salt.empty()) {
        return fail(ErrorCode::damaged, "its key size or salt does not hold");
    }
    return key;
}

Result<void> read_password(const XmlTag& tag, OfficeCipher& cipher)
{
    auto key = read_key(tag);
    if (!key) {
        return base::fail(std::move(key.error()));
    }
    const auto rounds = base::parse_decimal(attribute(tag, "spincount"));
    if (!rounds || *rounds > OfficeCipher::rounds_max) {
        return fail(ErrorCode::limit_exceeded, "it asks for more than " +
                                                   std::to_string(OfficeCipher::rounds_max) +
                                                   " rounds of hashing a password");
    }
    cipher.password = std::move(*key);
    cipher.rounds = static_cast<std::uint32_t>(*rounds);
    cipher.verifier = octets_of(tag, "encryptedverifierhashinput");
    cipher.verifier_hash = octets_of(tag, "encryptedverifierhashvalue");
    cipher.key_value = octets_of(tag, "encryptedkeyvalue");
    return {};
}

Result<OfficeCipher> read_agile(ByteView info)
{
    constexpr std::size_t xml_at = 8;
    OfficeCipher cipher;
    cipher.kind = OfficeCipher::Kind::agile;
    XmlTags tags{base::as_text(base::slice(info, xml_at, info.size()))};
    while (const auto tag = tags.next()) {
        if (tag->name == "keydata") {
            auto key = read_key(*tag);
            if (!key) {
                return base::fail(std::move(key.error()));
            }
            cipher.package = std::move(*key);
        } else if (tag->name == "dataintegrity") {
            cipher.hmac_key = octets_of(*tag, "encryptedhmackey");
            cipher.hmac_value = octets_of(*tag, "encryptedhmacvalue");
        } else if (tag->name == "encryptedkey" && cipher.key_value.empty()) {
            if (auto read = read_password(*tag, cipher); !read) {
                return base::fail(std::move(read.error()));
            }
        }
    }
    if (cipher.key_value.empty() || cipher.package.salt.empty()) {
        return fail(ErrorCode::unsupported, "it has no key that a password opens");
    }
    return cipher;
}

/// [MS-OFFCRYPTO] §2.3.4.14: over the stream as it stands.
bool has_right_hmac(const OfficeCipher& cipher, ByteView key, ByteView stream)
{
    Digest digest{cipher.package.hash};
    const auto opened = [&](ByteView block, const Bytes& value) {
        const auto iv = fitted(digest.of({cipher.package.salt, block}), block_bytes);
        auto plain = decrypt(Mode::cbc, key, iv, value);
        plain.resize(std::min(plain.size(), size_of(cipher.package.hash)));
        return plain;
    };
    const auto secret = opened(hmac_key_block, cipher.hmac_key);
    const auto expected = opened(hmac_value_block, cipher.hmac_value);
    std::array<unsigned char, EVP_MAX_MD_SIZE> found{};
    unsigned size = 0;
    return HMAC(function_of(cipher.package.hash), secret.data(), static_cast<int>(secret.size()),
                reinterpret_cast<const unsigned char*>(stream.data()), stream.size(), found.data(),
                &size) != nullptr &&
           std::ranges::equal(expected, std::as_bytes(std::span{found}.first(size)));
}

Bytes decrypt_segments(const OfficeCipher& cipher, ByteView key, ByteView stream)
{
    constexpr std::size_t segment_bytes = 4'096;
    Digest digest{cipher.package.hash};
    Bytes plain;
    plain.reserve(stream.size());
    std::uint32_t number = 0;
    for (std::size_t at = 0; at < stream.size(); at += segment_bytes, ++number) {
        const auto iv =
            fitted(digest.of({cipher.package.salt, little_endian(number)}), block_bytes);
        const auto piece = decrypt(Mode::cbc, key, iv, base::slice(stream, at, segment_bytes));
        plain.insert(plain.end(), piece.begin(), piece.end());
    }
    return plain;
}

} // namespace

Result<OfficeCipher> read_encryption_info(ByteView info)
{
    const auto major = u16_at(info, 0);
    const auto minor = u16_at(info, 2);
    if (major == 4 && minor == 4) {
        return read_agile(info);
    }
    if (minor == 2 && major >= 2 && major <= 4) {
        return read_standard(info);
    }
    return fail(ErrorCode::unsupported, "its kind of encryption, version " + std::to_string(major) +
                                            '.' + std::to_string(minor) + ", is not supported");
}

std::optional<Bytes> key_of_package(const OfficeCipher& cipher, std::string_view password)
{
    return cipher.kind == OfficeCipher::Kind::agile ? agile_key(cipher, password)
                                                    : standard_key(cipher, password);
}

OfficePackage decrypt_package(const OfficeCipher& cipher, ByteView key, ByteView stream)
{
    constexpr std::size_t size_bytes = 8; // in front, and outside the encryption
    const auto size = u64_at(stream, 0);
    const auto encrypted = base::slice(stream, size_bytes, stream.size());
    const bool is_agile = cipher.kind == OfficeCipher::Kind::agile;
    OfficePackage package;
    package.bytes = is_agile ? decrypt_segments(cipher, key, encrypted)
                             : decrypt(Mode::ecb, key, {}, encrypted);
    // Padding is cut; more than that is a lie, and what lies behind the size is given, too.
    const bool has_right_size =
        size <= package.bytes.size() && package.bytes.size() - size < block_bytes;
    package.is_whole = has_right_size && (!is_agile || has_right_hmac(cipher, key, stream));
    if (has_right_size) {
        package.bytes.resize(static_cast<std::size_t>(size));
    }
    return package;
}

} // namespace watchpost::unpack
