#include "collector/mailbox_login.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "crypto/sha256.h"
#include "net/own_certificate.h"
#include "net/proxy.h"
#include "net/tls.h"

namespace watchpost::collector {

using base::Result;

namespace {

constexpr const char* certificate_field = "client_certificate_pem";

using Json = nlohmann::json;

Json parse(const std::string& settings_json)
{
    return Json::parse(settings_json, nullptr, false);
}

/// Empty where it is no text.
std::string text_of(const Json& settings, const char* field)
{
    const auto found = settings.is_object() ? settings.find(field) : settings.end();
    return found != settings.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Whether the proxy wants to know who comes.
bool logs_in_at_a_proxy(const Json& settings)
{
    const auto proxy = net::parse_proxy(text_of(settings, "proxy"));
    return proxy && !proxy->user.empty();
}

std::vector<SecretKind> needed_by(const Json& settings)
{
    std::vector<SecretKind> needed;
    if (text_of(settings, "token_from") == "client_credentials") {
        needed.push_back(SecretKind::client_secret);
    } else if (text_of(settings, "authentication") != "external") {
        needed.push_back(SecretKind::password);
    }
    if (!text_of(settings, certificate_field).empty()) {
        needed.push_back(SecretKind::client_key);
    }
    if (logs_in_at_a_proxy(settings)) {
        needed.push_back(SecretKind::proxy_password);
    }
    return needed;
}

std::string sentence(const base::Error& error)
{
    auto text = error.message() + ".";
    text.front() = text.front() == 't' ? 'T' : text.front();
    return text;
}

struct OpenedSecrets {
    std::string password;
    std::string client_secret;
};

/// What is there, and whatever is needed.
Result<OpenedSecrets> open_secrets(const secrets::KeyPair& key, MailboxSettings& settings,
                                   const std::string& settings_json, const std::string& sealed)
{
    const SealedSecrets all{sealed};
    const auto needed = needed_secrets(settings_json);
    OpenedSecrets opened;
    for (const auto kind : all_secret_kinds) {
        const bool is_needed = std::ranges::find(needed, kind) != needed.end();
        if (!is_needed && all.box(kind).empty()) {
            continue;
        }
        const auto secret = open_secret(key, kind, settings_json, sealed);
        if (!secret && !is_needed) {
            continue; // of former settings
        }
        if (!secret) {
            return base::fail(secret.error());
        }
        const std::string text{secret->reveal()};
        switch (kind) {
        case SecretKind::password:
            opened.password = text;
            break;
        case SecretKind::client_secret:
            opened.client_secret = text;
            break;
        case SecretKind::client_key:
            settings.tls.client_key_pem = settings.tls.client_certificate_pem.empty() ? "" : text;
            break;
        case SecretKind::proxy_password:
            if (settings.proxy) {
                settings.proxy->password = text;
            }
            break;
        }
    }
    return opened;
}

} // namespace

std::vector<SecretKind> needed_secrets(const std::string& settings_json)
{
    return needed_by(parse(settings_json));
}

std::vector<SecretKind> usable_secrets(const std::string& settings_json)
{
    const auto settings = parse(settings_json);
    auto usable = needed_by(settings);
    if (text_of(settings, "token_from") == "refresh_token") {
        usable.push_back(SecretKind::client_secret);
    }
    return usable;
}

std::string fault_of_client_key(const std::string& settings_json, const std::string& key_pem)
{
    const auto settings = parse(settings_json);
    const auto certificate = text_of(settings, certificate_field);
    if (certificate.empty()) {
        return "There is no client certificate that this key could belong to.";
    }
    if (const auto belong = net::check_certificate_and_key(certificate, key_pem); !belong) {
        return sentence(belong.error());
    }
    net::TlsSettings tls; // as a poll would have it: the cipher string sets how strong a key is
    tls.ciphers = text_of(settings, "ciphers");
    tls.client_certificate_pem = certificate;
    tls.client_key_pem = key_pem;
    const auto client = net::TlsClient::make(tls);
    return client ? "" : sentence(client.error());
}

bool keep_the_client_key(const std::string& stored_json, const std::string& now_json)
{
    return net::have_the_same_key(text_of(parse(stored_json), certificate_field),
                                  text_of(parse(now_json), certificate_field));
}

std::string judged_secret(const MailboxSettings& settings, const TokenRequest* token,
                          const std::string& password)
{
    if (token != nullptr) {
        return token->client_secret.empty() ? token->secret
                                            : std::to_string(token->secret.size()) + ":" +
                                                  token->secret + token->client_secret;
    }
    return settings.authentication == pop3::Mechanism::external
               ? crypto::to_hex(crypto::sha256(base::as_bytes(settings.tls.client_certificate_pem)))
               : password;
}

std::string lasting_secret(const TokenRequest& token)
{
    TokenRequest lasting = token;
    if (token.settings.grant == TokenGrant::refresh_token) {
        lasting.secret.clear();
        lasting.secret = digest_of(lasting);
    }
    return judged_secret({}, &lasting, "");
}

Result<MailboxLogin> open_login(const secrets::KeyPair& key, MailboxSettings& settings,
                                const std::string& settings_json, const std::string& sealed)
{
    auto opened = open_secrets(key, settings, settings_json, sealed);
    if (!opened) {
        return base::fail(std::move(opened).error());
    }
    std::optional<TokenRequest> token;
    if (settings.tokens) {
        const bool refreshes = settings.tokens->grant == TokenGrant::refresh_token;
        token = TokenRequest{.settings = *settings.tokens,
                             .proxy = settings.proxy,
                             .secret = refreshes ? opened->password : opened->client_secret,
                             .client_secret = refreshes ? opened->client_secret : ""};
    }
    auto credentials = pop3::Credentials::make(
        settings.user, judged_secret(settings, token ? &*token : nullptr, opened->password));
    if (!credentials) {
        return base::fail(std::move(credentials).error());
    }
    return MailboxLogin{.credentials = *std::move(credentials), .token = std::move(token)};
}

} // namespace watchpost::collector
