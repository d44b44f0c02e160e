// XOAUTH2 as Google and Microsoft document it, and OAUTHBEARER (RFC 7628): an access token in place
// of a password. Where a token comes from is not known here.
#include <nlohmann/json.hpp>

#include "crypto/mac.h"
#include "diag/quote.h"
#include "pop3/sasl_exchanges.h"

namespace watchpost::pop3 {

using base::Result;

namespace {

using Json = nlohmann::json;

/// A text or number of the server's JSON, in words; empty where it is not there.
std::string told(const Json& json, const char* field, std::string_view intro)
{
    const auto found = json.find(field);
    if (found == json.end() || !(found->is_string() || found->is_number_integer())) {
        return {};
    }
    const auto text = found->is_string() ? found->get<std::string>() : found->dump();
    return text.empty() ? "" : ", " + std::string{intro} + " \"" + diag::quote(text, 120) + "\"";
}

/// RFC 7628 §3.2.2: what is wrong with the token, as JSON.
std::string in_words(std::string_view challenge)
{
    const Json json = Json::parse(challenge, nullptr, false);
    if (!json.is_object()) {
        return "the server does not take the token, and says \"" + diag::quote(challenge, 200) +
               "\"";
    }
    return "the server does not take the token" + told(json, "status", "status") +
           told(json, "error_description", "because") + told(json, "scope", "it wants the scope");
}

/// Both: one response, and where the token is refused a challenge with the reason, which is
/// answered with what ends the exchange.
class OAuth final : public SaslExchange {
public:
    OAuth(std::string_view name, std::string response, std::string end)
        : name_{name}
        , response_{std::move(response)}
        , end_{std::move(end)}
    {
    }
    ~OAuth() override { crypto::wipe(response_); }
    OAuth(const OAuth&) = delete;
    OAuth& operator=(const OAuth&) = delete;

    std::optional<std::string> first() override
    {
        has_sent_secret_ = true;
        return response_;
    }
    Result<std::string> answer(std::string_view challenge) override
    {
        if (!explanation_.empty()) {
            return asks_too_much(name_, challenge);
        }
        auto text = decode_challenge(name_, challenge);
        if (!text) {
            return text;
        }
        explanation_ = in_words(*text);
        return end_;
    }
    [[nodiscard]] bool has_sent_secret() const noexcept override { return has_sent_secret_; }
    [[nodiscard]] std::string explanation() const override { return explanation_; }

private:
    std::string_view name_; // a constant
    std::string response_;
    std::string end_;
    std::string explanation_;
    bool has_sent_secret_ = false;
};

/// RFC 7628 §3.1: where the token is sent, which a server may want to compare.
std::string destination(const LoginOptions& options)
{
    return options.server.empty()
               ? ""
               : "host=" + options.server + "\x01port=" + std::to_string(options.port) + "\x01";
}

} // namespace

SaslPointer make_xoauth2(const Credentials& credentials)
{
    return std::make_unique<OAuth>("XOAUTH2",
                                   "user=" + credentials.user() + "\x01" + "auth=Bearer " +
                                       credentials.password() + "\x01\x01",
                                   "");
}

SaslPointer make_oauthbearer(const Credentials& credentials, const LoginOptions& options)
{
    return std::make_unique<OAuth>("OAUTHBEARER",
                                   "n,a=" + to_saslname(credentials.user()) + ",\x01" +
                                       destination(options) + "auth=Bearer " +
                                       credentials.password() + "\x01\x01",
                                   "\x01"); // RFC 7628 §3.2.3
}

} // namespace watchpost::pop3
