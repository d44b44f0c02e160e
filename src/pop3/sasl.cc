#include "pop3/sasl.h"

#include "base/assert.h"
#include "base/base64.h"
#include "crypto/mac.h"
#include "diag/quote.h"
#include "pop3/sasl_exchanges.h"

namespace watchpost::pop3 {

using base::ErrorCode;
using base::Result;
using base::Retry;

Result<std::string> decode_challenge(std::string_view mechanism, std::string_view challenge)
{
    auto octets = base::parse_base64(challenge);
    if (!octets) {
        return breaks(mechanism,
                      "its challenge is not base 64: \"" + diag::quote(challenge, 80) + "\"");
    }
    return *std::move(octets);
}

base::Failure breaks(std::string_view mechanism, std::string message)
{
    return base::fail(ErrorCode::protocol_violation, Retry::later,
                      "the server breaks " + std::string{mechanism} + ": " + std::move(message));
}

base::Failure asks_too_much(std::string_view mechanism, std::string_view challenge)
{
    return base::fail(ErrorCode::protocol_violation, Retry::later,
                      "the server asks for more than SASL " + std::string{mechanism} +
                          " has to say: \"" + diag::quote(challenge, 80) + "\"");
}

namespace {

/// RFC 4616 §2: "\0user\0password". Nobody but the server prepares them (§4 there).
class Plain final : public SaslExchange {
public:
    explicit Plain(const Credentials& credentials) : credentials_{credentials} {}

    std::optional<std::string> first() override
    {
        using namespace std::string_literals;
        has_sent_secret_ = true;
        return "\0"s + credentials_.user() + "\0"s + credentials_.password();
    }
    Result<std::string> answer(std::string_view challenge) override
    {
        return asks_too_much("PLAIN", challenge);
    }
    [[nodiscard]] bool has_sent_secret() const noexcept override { return has_sent_secret_; }

private:
    Credentials credentials_;
    bool has_sent_secret_ = false;
};

/// Never standardised: the server asks for the name, then for the password. What it says while
/// asking differs between servers, and is not read.
class LoginMechanism final : public SaslExchange {
public:
    explicit LoginMechanism(const Credentials& credentials) : credentials_{credentials} {}

    Result<std::string> answer(std::string_view challenge) override
    {
        switch (++answers_) {
        case 1:
            return credentials_.user();
        case 2:
            return credentials_.password();
        default:
            return asks_too_much("LOGIN", challenge);
        }
    }
    Result<void> finish() override
    {
        return answers_ >= 2 ? Result<void>{}
                             : breaks("LOGIN", "it says +OK before it was told the password");
    }
    [[nodiscard]] bool has_sent_secret() const noexcept override { return answers_ >= 2; }

private:
    Credentials credentials_;
    unsigned answers_ = 0;
};

/// RFC 2195 §2. The password is used as it was typed.
class CramMd5 final : public SaslExchange {
public:
    explicit CramMd5(const Credentials& credentials) : credentials_{credentials} {}

    Result<std::string> answer(std::string_view challenge) override
    {
        if (has_sent_secret_) {
            return asks_too_much("CRAM-MD5", challenge);
        }
        auto text = decode_challenge("CRAM-MD5", challenge);
        if (!text) {
            return text;
        }
        if (text->empty()) { // the same proof would then do for ever
            return breaks("CRAM-MD5", "its challenge is empty");
        }
        has_sent_secret_ = true;
        const auto proof = crypto::hmac(
            crypto::Algorithm::md5, base::as_bytes(credentials_.password()), base::as_bytes(*text));
        return credentials_.user() + " " + base::to_hex(proof.bytes());
    }
    [[nodiscard]] bool has_sent_secret() const noexcept override { return has_sent_secret_; }

private:
    Credentials credentials_;
    bool has_sent_secret_ = false;
};

/// RFC 4422 App. A: the TLS session's client certificate says who we are, the response as whom we
/// want to act. Always named, since a certificate may open several mailboxes.
class External final : public SaslExchange {
public:
    explicit External(const Credentials& credentials) : user_{credentials.user()} {}

    std::optional<std::string> first() override
    {
        has_spoken_ = true;
        return user_;
    }
    Result<std::string> answer(std::string_view challenge) override
    {
        return asks_too_much("EXTERNAL", challenge);
    }
    [[nodiscard]] bool has_sent_secret() const noexcept override { return has_spoken_; }

private:
    std::string user_;
    bool has_spoken_ = false;
};

base::Failure cannot(Mechanism mechanism, std::string_view why)
{
    return base::fail(ErrorCode::unsupported, Retry::never,
                      std::string{name_of(mechanism)} + " cannot be used: " + std::string{why});
}

} // namespace

SaslPointer make_plain(const Credentials& credentials)
{
    return std::make_unique<Plain>(credentials);
}

SaslPointer make_login(const Credentials& credentials)
{
    return std::make_unique<LoginMechanism>(credentials);
}

SaslPointer make_external(const Credentials& credentials)
{
    return std::make_unique<External>(credentials);
}

SaslPointer make_cram_md5(const Credentials& credentials)
{
    return std::make_unique<CramMd5>(credentials);
}

Result<SaslPointer> make_sasl(Mechanism mechanism, const Credentials& credentials,
                              const LoginOptions& options)
{
    switch (mechanism) {
    case Mechanism::plain:
        return make_plain(credentials);
    case Mechanism::login:
        return make_login(credentials);
    case Mechanism::cram_md5:
        if (!crypto::is_available(crypto::Algorithm::md5)) {
            return cannot(mechanism, "this machine's OpenSSL does not allow MD5");
        }
        return make_cram_md5(credentials);
    case Mechanism::scram_sha_1_plus:
    case Mechanism::scram_sha_256_plus:
        if (!options.binding) {
            return cannot(mechanism, "the connection has nothing to bind the log-in to; it needs "
                                     "TLS, and a certificate with a known digest");
        }
        return make_scram(mechanism, credentials, options);
    case Mechanism::scram_sha_1:
    case Mechanism::scram_sha_256:
        return make_scram(mechanism, credentials, options);
    case Mechanism::xoauth2:
        return make_xoauth2(credentials);
    case Mechanism::oauthbearer:
        return make_oauthbearer(credentials, options);
    case Mechanism::external:
        return make_external(credentials);
    case Mechanism::user_pass:
    case Mechanism::apop:
        break;
    }
    WP_UNREACHABLE("no mechanism of SASL");
}

} // namespace watchpost::pop3
