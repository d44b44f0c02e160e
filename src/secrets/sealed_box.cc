#include "secrets/sealed_box.h"

#include <algorithm>

#include <sodium.h>

#include "base/assert.h"
#include "secrets/library.h"

namespace watchpost::secrets {

namespace {

constexpr std::string_view key_file_prefix = "watchpost-key-1 ";

std::string to_base64(const unsigned char* bytes, std::size_t count)
{
    std::string text(sodium_base64_ENCODED_LEN(count, sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes, count, sodium_base64_VARIANT_ORIGINAL);
    text.pop_back(); // its NUL
    return text;
}

base::Result<std::string> parse_base64(std::string_view text)
{
    std::string bytes(text.size(), '\0');
    std::size_t count = 0;
    const int status =
        sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                          text.size(), nullptr, &count, nullptr, sodium_base64_VARIANT_ORIGINAL);
    if (status != 0) {
        return base::fail(base::ErrorCode::damaged, base::Retry::never,
                          "a stored secret is not base64");
    }
    bytes.resize(count);
    return bytes;
}

const unsigned char* octets(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

void Secret::wipe() noexcept
{
    sodium_memzero(text_.data(), text_.size());
    text_.clear();
}

Secret::~Secret()
{
    wipe();
}

Secret::Secret(Secret&& other) noexcept : text_{other.text_}
{
    // A copy and a wipe: moving a short std::string would leave its characters behind.
    other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept
{
    if (this != &other) {
        wipe();
        text_ = other.text_;
        other.wipe();
    }
    return *this;
}

std::string seal(const PublicKey& recipient, std::string_view secret)
{
    ensure_library();
    std::string box(secret.size() + crypto_box_SEALBYTES, '\0');
    const int status = crypto_box_seal(reinterpret_cast<unsigned char*>(box.data()), octets(secret),
                                       secret.size(), recipient.data());
    WP_ASSERT(status == 0);
    return to_base64(octets(box), box.size());
}

KeyPair KeyPair::make()
{
    ensure_library();
    KeyPair pair;
    WP_ASSERT(crypto_box_keypair(pair.public_.data(), pair.private_.data()) == 0);
    return pair;
}

base::Result<KeyPair> KeyPair::parse_key_file(std::string_view text)
{
    ensure_library();
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    if (!text.starts_with(key_file_prefix)) {
        return base::fail(base::ErrorCode::damaged, base::Retry::never,
                          "this is no Watchpost key file: it must begin with 'watchpost-key-1 '");
    }
    const auto bytes = parse_base64(text.substr(key_file_prefix.size()));
    KeyPair pair;
    if (!bytes || bytes->size() != pair.private_.size()) {
        return base::fail(base::ErrorCode::damaged, base::Retry::never,
                          "the key file is damaged: restore it from a backup");
    }
    std::copy_n(octets(*bytes), pair.private_.size(), pair.private_.begin());
    WP_ASSERT(crypto_scalarmult_base(pair.public_.data(), pair.private_.data()) == 0);
    return pair;
}

Secret KeyPair::to_key_file() const
{
    return Secret{std::string{key_file_prefix} + to_base64(private_.data(), private_.size()) +
                  "\n"};
}

base::Result<Secret> KeyPair::open(std::string_view sealed) const
{
    auto box = parse_base64(sealed);
    if (!box) {
        return base::fail(box.error());
    }
    std::string secret(box->size() < crypto_box_SEALBYTES ? 0 : box->size() - crypto_box_SEALBYTES,
                       '\0');
    if (box->size() < crypto_box_SEALBYTES ||
        crypto_box_seal_open(reinterpret_cast<unsigned char*>(secret.data()), octets(*box),
                             box->size(), public_.data(), private_.data()) != 0) {
        return base::fail(base::ErrorCode::damaged, base::Retry::never,
                          "a secret does not open with this key: it was sealed for another key, or "
                          "damaged; enter it anew");
    }
    return Secret{std::move(secret)};
}

KeyPair::~KeyPair()
{
    sodium_memzero(private_.data(), private_.size());
}

std::string to_text(const PublicKey& key)
{
    return base::to_hex(std::as_bytes(std::span{key}));
}

base::Result<PublicKey> parse_public_key(std::string_view text)
{
    const auto bytes = base::parse_hex(text);
    PublicKey key{};
    if (!bytes || bytes->size() != key.size()) {
        return base::fail(base::ErrorCode::invalid_argument, base::Retry::never,
                          "a public key has 64 hexadecimal digits");
    }
    std::transform(bytes->begin(), bytes->end(), key.begin(),
                   [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    return key;
}

} // namespace watchpost::secrets
