#include "collector/mailbox_password.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "base/words.h"
#include "crypto/sha256.h"
#include "http/https_url.h"
#include "net/server_name.h"

namespace watchpost::collector {
namespace {

using base::ErrorCode;
using base::Retry;
using Json = nlohmann::json;

constexpr std::array kinds_with_a_name{SecretKind::client_secret, SecretKind::client_key,
                                       SecretKind::proxy_password}; // in SealedSecrets' text

/// What is sealed begins with a word for what it is, and the digest of these fields. The password's
/// is a number: it was the only one once.
constexpr std::string_view format_of(SecretKind kind) noexcept
{
    switch (kind) {
    case SecretKind::password:
        return "1 ";
    case SecretKind::client_secret:
        return "client_secret ";
    case SecretKind::client_key:
        return "client_key ";
    case SecretKind::proxy_password:
        return "proxy_password ";
    }
    return "";
}

constexpr std::array destination_fields{"server",     "port",        "use_tls",          "tls_mode",
                                        "user",       "certificate", "certificate_name", "ca_pem",
                                        "pin_sha256", "ciphers"};

/// Which way it is sent counts too: another one may be weaker. The default is left out, so that
/// what was sealed before there was a choice can still be opened.
void add_authentication(const Json& settings, Json& values)
{
    const auto found = settings.find("authentication");
    if (found != settings.end() && !found->is_null() && *found != "auto") {
        values.push_back(*found);
    }
}

/// A proxy sees what is sent in clear. None is left out, so that what was sealed before there was a
/// choice can still be opened.
void add_proxy(const Json& settings, Json& values)
{
    const auto found = settings.find("proxy");
    if (found != settings.end() && found->is_string() &&
        !found->get_ref<const std::string&>().empty()) {
        values.push_back(Json{{"proxy", *found}});
    }
}

/// The same for each way to write one address.
std::string normalised(const std::string& address)
{
    const auto url = http::parse_https_url(address);
    return url ? net::to_host_and_port(url->host, url->port) + url->target : address;
}

/// The client's secret goes there, too, where a refresh token is got. None is left out, so that
/// what was sealed without one can still be opened.
void add_device_endpoint(const Json& settings, Json& token)
{
    const auto found = settings.find("token_device_endpoint");
    if (settings["token_from"] == "refresh_token" && found != settings.end() &&
        found->is_string() && !found->get_ref<const std::string&>().empty()) {
        token.push_back(Json{{"device", normalised(found->get<std::string>())}});
    }
}

/// A token that is fetched goes by way of its end point. Without one, nothing is added.
void add_token_endpoint(const Json& settings, Json& values)
{
    const auto found = settings.find("token_from");
    if (found == settings.end() || found->is_null() || *found == "typed") {
        return;
    }
    Json token = Json::array();
    for (const char* const field :
         {"token_from", "token_endpoint", "token_client_id", "token_ca_pem"}) {
        const auto value = settings.value(field, Json{});
        token.push_back(value == Json("") ? Json{} : value);
    }
    add_device_endpoint(settings, token);
    values.push_back(Json{{"token", std::move(token)}});
}

/// Where the password, and whatever takes its place, may go.
Json way_to_the_server(const Json& settings)
{
    Json values;
    for (const char* const field : destination_fields) {
        const auto found = settings.find(field);
        values.push_back(found == settings.end() ? Json{} : *found);
    }
    add_authentication(settings, values);
    add_proxy(settings, values);
    add_token_endpoint(settings, values);
    return values;
}

/// Nothing where the settings are no JSON object.
std::optional<std::string> destination(const std::string& settings_json,
                                       SecretKind kind = SecretKind::password)
{
    const Json settings = Json::parse(settings_json, nullptr, false);
    if (!settings.is_object()) {
        return std::nullopt;
    }
    const Json values = kind == SecretKind::proxy_password ? settings.value("proxy", Json{})
                                                           : way_to_the_server(settings);
    const auto text = values.dump(-1, ' ', false, Json::error_handler_t::replace);
    return crypto::to_hex(crypto::sha256(base::as_bytes(text)));
}

std::string_view name_of(SecretKind kind) noexcept
{
    switch (kind) {
    case SecretKind::password:
        return "password";
    case SecretKind::client_secret:
        return "client secret";
    case SecretKind::client_key:
        return "private key";
    case SecretKind::proxy_password:
        return "password of the proxy";
    }
    return "secret";
}

std::size_t index_of(SecretKind kind) noexcept
{
    return static_cast<std::size_t>(kind);
}

base::Failure unusable(std::string message)
{
    return base::fail(ErrorCode::invalid_argument, Retry::never, std::move(message));
}

} // namespace

std::string_view to_string(SecretKind kind) noexcept
{
    switch (kind) {
    case SecretKind::password:
        return "password";
    case SecretKind::client_secret:
        return "client_secret";
    case SecretKind::client_key:
        return "client_key_pem";
    case SecretKind::proxy_password:
        return "proxy_password";
    }
    return "unknown";
}

/// "BOX client_secret=BOX client_key_pem=BOX"; "-" in the first place where there is no password.
SealedSecrets::SealedSecrets(std::string_view text)
{
    for (bool is_first = true; !text.empty(); is_first = false) {
        const auto word = base::take_word(text);
        if (is_first) {
            boxes_[0] = word == "-" ? "" : word;
            continue;
        }
        for (const auto kind : kinds_with_a_name) {
            const std::string prefix = std::string{to_string(kind)} + "=";
            if (word.starts_with(prefix)) {
                boxes_.at(index_of(kind)) = word.substr(prefix.size());
            }
        }
    }
}

std::string SealedSecrets::to_text() const
{
    std::string text;
    for (const auto kind : kinds_with_a_name) {
        if (!box(kind).empty()) {
            text += " " + std::string{to_string(kind)} + "=" + box(kind);
        }
    }
    const auto& password = box(SecretKind::password);
    return (password.empty() && !text.empty() ? "-" : password) + text;
}

const std::string& SealedSecrets::box(SecretKind kind) const
{
    return boxes_.at(index_of(kind));
}

void SealedSecrets::set(SecretKind kind, std::string box)
{
    boxes_.at(index_of(kind)) = std::move(box);
}

bool go_to_the_same(const std::string& settings_json, const std::string& other_json,
                    SecretKind kind)
{
    const auto one = destination(settings_json, kind);
    return one && one == destination(other_json, kind);
}

std::string seal_secret(const secrets::PublicKey& collector, SecretKind kind,
                        const std::string& settings_json, std::string_view secret)
{
    std::string text{format_of(kind)};
    text += destination(settings_json, kind).value_or("");
    text += ' ';
    text += secret;
    const secrets::Secret bound{std::move(text)};
    return secrets::seal(collector, bound.reveal());
}

std::string seal_password(const secrets::PublicKey& collector, const std::string& settings_json,
                          std::string_view password)
{
    return seal_secret(collector, SecretKind::password, settings_json, password);
}

std::string to_sealed_token(const std::string& settings_json, const std::string& box)
{
    return destination(settings_json).value_or("") + "." + box;
}

std::optional<std::string> parse_sealed_token(const std::string& settings_json,
                                              std::string_view token)
{
    const auto prefix = destination(settings_json).value_or("no settings") + ".";
    const bool is_one = token.starts_with(prefix) && token.size() > prefix.size() &&
                        token.find_first_of(" \r\n") == std::string_view::npos;
    return is_one ? std::optional{std::string{token.substr(prefix.size())}} : std::nullopt;
}

base::Result<secrets::Secret> open_secret(const secrets::KeyPair& key, SecretKind kind,
                                          const std::string& settings_json,
                                          const std::string& sealed)
{
    const SealedSecrets all{sealed};
    const std::string name{name_of(kind)};
    const auto& box = all.box(kind);
    if (box.empty()) {
        return unusable("no " + name + " is stored; type it in and press Apply");
    }
    const auto opened = key.open(box);
    if (!opened) {
        return unusable("the stored " + name + " cannot be opened with the collector's key (" +
                        opened.error().message() + "); type the " + name +
                        " again and press Apply");
    }
    const auto expected = std::string{format_of(kind)} +
                          destination(settings_json, kind).value_or("no settings") + " ";
    std::string_view text = opened->reveal();
    if (!text.starts_with(expected)) {
        return unusable("the stored " + name + " was typed for another " +
                        (kind == SecretKind::proxy_password
                             ? "proxy"
                             : "server, port, TLS settings, user, authentication, token or "
                               "device end point") +
                        " and is not sent; type the " + name + " again and press Apply");
    }
    text.remove_prefix(expected.size());
    return secrets::Secret{std::string{text}};
}

base::Result<secrets::Secret> open_password(const secrets::KeyPair& key,
                                            const std::string& settings_json,
                                            const std::string& sealed)
{
    return open_secret(key, SecretKind::password, settings_json, sealed);
}

} // namespace watchpost::collector
