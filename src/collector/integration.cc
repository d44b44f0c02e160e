#include "collector/integration.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/bytes.h"
#include "collector/integration_reader.h"
#include "diag/quote.h"
#include "net/own_certificate.h"
#include "net/server_name.h"

namespace watchpost::collector {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t name_characters_max = 100;
constexpr std::uint64_t server_characters_max = 255;
constexpr std::uint64_t proxy_characters_max = 1'000;
constexpr std::uint64_t user_characters_max = 255;
constexpr std::uint64_t ca_characters_max = 200'000;
constexpr std::uint64_t ciphers_characters_max = 1'000;
constexpr std::uint64_t receive_every_max_s = 86'400;
constexpr std::uint64_t message_bytes_limit_min = std::uint64_t{1} << 20U;

/// "ca_pem: certificate 1 …" without the name of the field, as a sentence.
std::string sentence(const base::Error& error)
{
    std::string text = error.message();
    for (const std::string_view prefix : {"ca_pem: ", "ciphers: "}) {
        if (text.starts_with(prefix)) {
            text.erase(0, prefix.size());
        }
    }
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    }
    return text.empty() || text.back() == '.' ? text : text + ".";
}

/// The password of a log-in is no part of the settings: SecretKind::proxy_password.
void read_proxy(IntegrationReader& reader, MailboxSettings& settings)
{
    const auto url = reader.text("proxy", proxy_characters_max, Presence::optional);
    if (url.empty()) {
        return;
    }
    const auto proxy = net::parse_proxy(url);
    if (!proxy) {
        reader.add_fault("proxy", sentence(proxy.error()));
    } else {
        settings.proxy = *proxy;
    }
}

void read_server(IntegrationReader& reader, MailboxSettings& settings)
{
    settings.server = reader.text("server", server_characters_max, Presence::required);
    if (!settings.server.empty()) {
        if (const auto name = net::parse_server_name(settings.server); !name) {
            reader.add_fault("server", sentence(name.error()));
        }
    }
    settings.port = static_cast<std::uint16_t>(reader.number("port", {1, 65'535}, std::nullopt));
    read_proxy(reader, settings);
}

void read_user(IntegrationReader& reader, MailboxSettings& settings)
{
    settings.user = reader.text("user", user_characters_max, Presence::required);
    if (settings.user.find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos) {
        reader.add_fault("user", "A user name holds no line end and no NUL.");
    }
}

/// Certificates to trust; empty where there are none, or where they cannot be used.
std::string read_ca(IntegrationReader& reader, const char* field)
{
    net::TlsSettings with_ca;
    with_ca.ca_pem = reader.text(field, ca_characters_max, Presence::optional);
    if (with_ca.ca_pem.find("PRIVATE KEY-----") != std::string::npos) {
        reader.add_fault(field, "This holds a private key: paste the certificate of the CA "
                                "alone, and take that key for known to others.");
        return {};
    }
    if (with_ca.ca_pem.empty()) {
        return {};
    }
    if (const auto client = net::TlsClient::make(with_ca); !client) {
        reader.add_fault(field, sentence(client.error()));
    }
    return with_ca.ca_pem;
}

/// The key is a secret of its own, and looked at where it is typed.
void read_client_certificate(IntegrationReader& reader, net::TlsSettings& tls)
{
    auto pem = reader.text("client_certificate_pem", ca_characters_max, Presence::optional);
    if (pem.empty()) {
        return;
    }
    if (pem.find("PRIVATE KEY-----") != std::string::npos) {
        reader.add_fault("client_certificate_pem",
                         "This holds a private key, which is shown to nobody: paste the "
                         "certificate alone here, and the key into its own field.");
    } else if (const auto read = net::read_certificate(pem); !read) {
        reader.add_fault("client_certificate_pem", sentence(read.error()));
    } else {
        tls.client_certificate_pem = std::move(pem);
    }
}

void read_pin(IntegrationReader& reader, net::TlsSettings& tls)
{
    const auto text = reader.text("pin_sha256", 64, Presence::optional);
    const auto octets = base::parse_hex(text);
    if (text.empty()) {
        return;
    }
    crypto::Sha256 pin{};
    if (!octets || octets->size() != pin.size()) {
        reader.add_fault("pin_sha256", "A SHA-256 fingerprint of 64 hexadecimal digits is needed, "
                                       "without colons; empty means no pin.");
        return;
    }
    std::ranges::transform(*octets, pin.begin(),
                           [](std::byte octet) { return std::to_integer<std::uint8_t>(octet); });
    tls.pin = pin;
}

void read_tls(IntegrationReader& reader, MailboxSettings& settings)
{
    const bool uses_tls = reader.boolean("use_tls");
    const auto mode = reader.choice("tls_mode", {"implicit", "stls"});
    settings.tls_mode = !uses_tls ? TlsMode::none : mode == 1 ? TlsMode::stls : TlsMode::implicit;
    constexpr std::array policies{net::CertificatePolicy::trusted, net::CertificatePolicy::any,
                                  net::CertificatePolicy::self_signed};
    settings.tls.policy =
        policies.at(reader.choice("certificate", {"trusted", "any", "self_signed"}));
    auto& name = settings.tls.certificate_name;
    name = reader.text("certificate_name", server_characters_max, Presence::optional);
    if (!name.empty()) {
        if (const auto parsed = net::parse_server_name(name); !parsed) {
            reader.add_fault("certificate_name", sentence(parsed.error()));
        }
    }
    settings.tls.ca_pem = read_ca(reader, "ca_pem");
    read_client_certificate(reader, settings.tls);
    read_pin(reader, settings.tls);
    settings.tls.ciphers = reader.text("ciphers", ciphers_characters_max, Presence::optional);
    if (const auto suites = net::cipher_suites(settings.tls.ciphers); !suites) {
        reader.add_fault("ciphers", sentence(suites.error()));
    }
}

/// After the TLS settings, which it has to agree with.
void read_authentication(IntegrationReader& reader, MailboxSettings& settings)
{
    const auto choice = reader.choice("authentication",
                                      {"auto", "user_pass", "apop", "plain", "login", "cram_md5",
                                       "scram_sha_1", "scram_sha_1_plus", "scram_sha_256",
                                       "scram_sha_256_plus", "xoauth2", "oauthbearer", "external"});
    if (choice > 0) {
        settings.authentication = pop3::all_mechanisms.at(choice - 1);
    }
    if (auto fault = fault_of(settings.authentication, settings.tls_mode); !fault.empty()) {
        reader.add_fault("authentication", std::move(fault));
    }
    if (settings.authentication == pop3::Mechanism::external &&
        settings.tls.client_certificate_pem.empty()) {
        reader.add_fault("client_certificate_pem",
                         "EXTERNAL logs in by the client certificate: upload one.");
    }
}

std::string read_word(IntegrationReader& reader, const char* field, std::uint64_t characters_max,
                      Presence presence)
{
    auto text = reader.text(field, characters_max, presence);
    if (!is_visible_ascii(text)) {
        reader.add_fault(field, "Only letters, digits and signs of ASCII can be sent here.");
    }
    return text;
}

std::optional<http::HttpsUrl> read_address(IntegrationReader& reader, const char* field,
                                           Presence presence)
{
    const auto text = reader.text(field, http::HttpsUrl::bytes_max, presence);
    if (text.empty()) {
        return std::nullopt;
    }
    auto url = http::parse_https_url(text);
    if (!url) {
        reader.add_fault(field, sentence(url.error()));
        return std::nullopt;
    }
    return *std::move(url);
}

void read_expiry(IntegrationReader& reader, TokenSettings& tokens)
{
    const auto text = reader.text("secret_expires_on", 10, Presence::optional);
    tokens.secret_expires_on = parse_date(text);
    if (!text.empty() && !tokens.secret_expires_on) {
        reader.add_fault("secret_expires_on", "A date like 2027-01-31 is needed, or none.");
    }
}

/// After the authentication, which has to take tokens.
void read_tokens(IntegrationReader& reader, MailboxSettings& settings)
{
    const auto from = reader.choice("token_from", {"typed", "refresh_token", "client_credentials"});
    const auto needed = from == 0 ? Presence::optional : Presence::required;
    TokenSettings tokens;
    tokens.grant = from == 2 ? TokenGrant::client_credentials : TokenGrant::refresh_token;
    tokens.endpoint = read_address(reader, "token_endpoint", needed).value_or(http::HttpsUrl{});
    tokens.device_endpoint = read_address(reader, "token_device_endpoint", Presence::optional);
    tokens.client_id =
        read_word(reader, "token_client_id", TokenSettings::client_id_characters_max, needed);
    tokens.scope =
        read_word(reader, "token_scope", TokenSettings::scope_characters_max, Presence::optional);
    tokens.ca_pem = read_ca(reader, "token_ca_pem");
    read_expiry(reader, tokens);
    if (from == 0) {
        return;
    }
    if (!settings.authentication || !pop3::takes_token(*settings.authentication)) {
        reader.add_fault("token_from", "Only XOAUTH2 and OAUTHBEARER take an access token: choose "
                                       "one of them as Authentication.");
    }
    settings.tokens = std::move(tokens);
}

void read_size_limit(IntegrationReader& reader, MailboxSettings& settings)
{
    settings.message_bytes_max =
        reader.number("size_limit_bytes", {0, message_bytes_limit_max}, message_bytes_default);
    if (settings.message_bytes_max > 0 && settings.message_bytes_max < message_bytes_limit_min) {
        reader.add_fault("size_limit_bytes",
                         "The limit is at least 1 MiB (1,048,576 bytes); 0 means no limit.");
    }
}

Integration read_integration(IntegrationReader& reader)
{
    Integration read;
    read.name = reader.text("name", name_characters_max, Presence::required);
    read.is_enabled = reader.boolean("enabled");
    read_server(reader, read.settings);
    read.receive_every = std::chrono::seconds{
        reader.number("receive_every_s", {1, receive_every_max_s}, std::nullopt)};
    read_user(reader, read.settings);
    read_tls(reader, read.settings);
    read_authentication(reader, read.settings);
    read_tokens(reader, read.settings);
    read.settings.after_retrieval = reader.choice("after_retrieval", {"leave", "delete"}) == 1
                                        ? AfterRetrieval::delete_once_stored
                                        : AfterRetrieval::leave_on_server;
    read.first_poll = reader.choice("first_poll", {"all", "new_only"}) == 1 ? FirstPoll::new_only
                                                                            : FirstPoll::all;
    read.copies = model::all_copy_settings.at(
        reader.choice("copies", {"auto", "plain", "journal", "redirected", "attached"}));
    read_size_limit(reader, read.settings);
    reader.refuse_others();
    return read;
}

} // namespace

model::CopySetting copies_of(const std::string& json)
{
    const Json settings = Json::parse(json, nullptr, false);
    const auto copies = settings.is_object() ? settings.find("copies") : settings.end();
    if (copies == settings.end() || !copies->is_string()) {
        return model::CopySetting::automatic;
    }
    return model::parse_copy_setting(copies->get_ref<const std::string&>())
        .value_or(model::CopySetting::automatic);
}

std::vector<SettingFault> check_integration(const std::string& json)
{
    IntegrationReader reader{json};
    static_cast<void>(read_integration(reader));
    return reader.take_faults();
}

base::Result<Integration> parse_integration(const std::string& json)
{
    IntegrationReader reader{json};
    auto read = read_integration(reader);
    const auto faults = reader.take_faults();
    if (faults.empty()) {
        return read;
    }
    std::string text;
    for (const auto& fault : faults) {
        text += (text.empty() ? "" : " ") + diag::quote(fault.field) + ": " + fault.fault;
    }
    return base::fail(base::ErrorCode::invalid_argument, base::Retry::never,
                      "the settings cannot be used: " + text);
}

} // namespace watchpost::collector
