#include "scram_server.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace watchpost::test {

namespace {

constexpr std::size_t salt_octets = 16;
const std::string salt(salt_octets, 's');

const unsigned char* bytes(const std::string& text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string encode(const std::string& octets)
{
    std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');
    const int count = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes(octets),
                                      static_cast<int>(octets.size()));
    text.resize(static_cast<std::size_t>(count));
    return text;
}

std::string decode(const std::string& text)
{
    std::string octets(text.size(), '\0');
    const int count = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()), bytes(text),
                                      static_cast<int>(text.size()));
    octets.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    for (std::size_t at = text.size(); at > 0 && text[at - 1] == '=' && !octets.empty(); --at) {
        octets.pop_back();
    }
    return octets;
}

/// What stands behind "name=" up to the next comma.
std::string value(const std::string& message, const std::string& name)
{
    const auto begin =
        (message.starts_with(name + "=") ? 0 : message.find("," + name + "=") + 1) + 2;
    return message.substr(begin, message.find(',', begin) - begin);
}

const EVP_MD* digest(bool is_sha256)
{
    return is_sha256 ? EVP_sha256() : EVP_sha1();
}

} // namespace

std::string ScramServer::mac(const std::string& key, const std::string& text) const
{
    std::string result(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    HMAC(digest(is_sha256_), key.data(), static_cast<int>(key.size()), bytes(text), text.size(),
         reinterpret_cast<unsigned char*>(result.data()), &size);
    result.resize(size);
    return result;
}

std::string ScramServer::operator()(const std::string& line, const std::string& binding)
{
    if (line.starts_with("AUTH ")) {
        return name(line);
    }
    switch (state_) {
    case State::named:
        return first(decode(line));
    case State::first:
        return check(decode(line), binding);
    case State::proof:
        return line.empty() ? "+OK logged in" : "-ERR what?";
    case State::refused:
        break;
    }
    return "-ERR [AUTH] Authentication failed.";
}

std::string ScramServer::name(const std::string& line)
{
    state_ = State::named;
    is_sha256_ = line.find("SHA-256") != std::string::npos;
    if (!line.starts_with("AUTH SCRAM-")) {
        return "-ERR unknown mechanism";
    }
    return fault_ == ScramFault::ok_at_once ? "+OK welcome" : "+ ";
}

std::string ScramServer::refuse(const std::string& error)
{
    state_ = State::refused;
    return "+ " + encode("e=" + error);
}

std::string ScramServer::first(const std::string& message)
{
    const auto bare = message.find("n=", 3);
    gs2_header_ = message.substr(0, bare);
    if (gs2_header_ == "y,," && binds) {
        return refuse("server-does-support-channel-binding");
    }
    nonce_ = value(message.substr(bare), "r");
    nonce_ = fault_ == ScramFault::foreign_nonce               ? "another" + nonce_
             : fault_ == ScramFault::nonce_of_the_client_alone ? nonce_
                                                               : nonce_ + "server";
    const std::string iterations = fault_ == ScramFault::one_iteration          ? "1"
                                   : fault_ == ScramFault::a_billion_iterations ? "1000000000"
                                                                                : "4096";
    const std::string salt_text = fault_ == ScramFault::empty_salt            ? ""
                                  : fault_ == ScramFault::salt_without_base64 ? "***"
                                                                              : encode(salt);
    const std::string answer = "r=" + nonce_ + ",s=" + salt_text + ",i=" + iterations;
    auth_message_ = message.substr(bare) + "," + answer;
    state_ = State::first;
    return "+ " + (fault_ == ScramFault::challenge_without_base64 ? answer : encode(answer));
}

/// RFC 5802 §3: the proof gives the client's key, whose digest has to be the stored one.
std::string ScramServer::check(const std::string& message, const std::string& binding)
{
    const bool is_bound = gs2_header_.starts_with("p=tls-exporter,");
    if (decode(value(message, "c")) != gs2_header_ + (is_bound ? binding : "")) {
        return refuse("channel-bindings-dont-match");
    }
    std::string salted(static_cast<std::size_t>(EVP_MD_get_size(digest(is_sha256_))), '\0');
    PKCS5_PBKDF2_HMAC(password_.data(), static_cast<int>(password_.size()), bytes(salt),
                      static_cast<int>(salt.size()), 4096, digest(is_sha256_),
                      static_cast<int>(salted.size()),
                      reinterpret_cast<unsigned char*>(salted.data()));
    auth_message_ += "," + message.substr(0, message.rfind(",p="));
    std::string stored(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    const auto client_key = mac(salted, "Client Key");
    EVP_Digest(client_key.data(), client_key.size(),
               reinterpret_cast<unsigned char*>(stored.data()), &size, digest(is_sha256_), nullptr);
    stored.resize(size);
    auto recovered = decode(value(message, "p"));
    const auto signature = mac(stored, auth_message_);
    for (std::size_t i = 0; i < recovered.size() && i < signature.size(); ++i) {
        recovered[i] = static_cast<char>(recovered[i] ^ signature[i]);
    }
    if (value(message, "r") != nonce_ || recovered != client_key) {
        return refuse("invalid-proof");
    }
    if (fault_ == ScramFault::ok_without_proof) {
        return "+OK logged in";
    }
    state_ = State::proof;
    const bool is_honest = fault_ != ScramFault::wrong_signature;
    const auto own = mac(mac(salted, is_honest ? "Server Key" : "Client Key"), auth_message_);
    return "+ " + encode(fault_ == ScramFault::no_signature ? "x=1" : "v=" + encode(own));
}

} // namespace watchpost::test
