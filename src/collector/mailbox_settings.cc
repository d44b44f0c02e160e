#include "collector/mailbox_settings.h"

#include "base/ascii.h"
#include "base/bytes.h"
#include "collector/maildrop_registry.h"
#include "crypto/sha256.h"
#include "pop3/credentials.h"

namespace watchpost::collector {

namespace {

constexpr std::size_t server_bytes_max = 255; // RFC 1035 §2.3.4

bool has_control(std::string_view text)
{
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            return true;
        }
    }
    return false;
}

void check_server(const MailboxSettings& settings, std::vector<SettingFault>& faults)
{
    if (settings.server.empty()) {
        faults.push_back({"server", "is empty"});
    } else if (settings.server.size() > server_bytes_max) {
        faults.push_back({"server", "is longer than 255 octets"});
    } else if (has_control(settings.server) || settings.server.find(' ') != std::string::npos) {
        faults.push_back({"server", "holds a space or a control character"});
    }
    if (settings.port == 0) {
        faults.push_back({"port", "must be from 1 to 65535"});
    }
}

} // namespace

std::string_view to_string(TlsMode mode) noexcept
{
    switch (mode) {
    case TlsMode::none:
        return "none";
    case TlsMode::stls:
        return "stls";
    case TlsMode::implicit:
        return "implicit";
    }
    return "unknown";
}

std::optional<TlsMode> parse_tls_mode(std::string_view text) noexcept
{
    for (const auto mode : {TlsMode::none, TlsMode::stls, TlsMode::implicit}) {
        if (text == to_string(mode)) {
            return mode;
        }
    }
    return std::nullopt;
}

std::string fault_of(std::optional<pop3::Mechanism> authentication, TlsMode mode)
{
    if (!authentication || mode != TlsMode::none) {
        return {};
    }
    if (pop3::is_bound(*authentication)) {
        return std::string{name_of(*authentication)} +
               " binds the log-in to the TLS session, and TLS is off.";
    }
    if (pop3::takes_token(*authentication)) { // RFC 6750 §5.3
        return "A token is never sent in clear: " + std::string{name_of(*authentication)} +
               " needs TLS.";
    }
    if (*authentication == pop3::Mechanism::external) {
        return "EXTERNAL logs in by the client certificate, which needs TLS.";
    }
    return {};
}

std::uint16_t default_port(TlsMode mode) noexcept
{
    return mode == TlsMode::implicit ? 995 : 110;
}

std::vector<SettingFault> validate(const MailboxSettings& settings)
{
    std::vector<SettingFault> faults;
    check_server(settings, faults);
    if (settings.user.size() > MaildropRegistry::user_bytes_max) {
        faults.push_back({"user", "is longer than 1024 octets"});
    } else if (const auto user = pop3::Credentials::make(settings.user, ""); !user) {
        faults.push_back(
            {"user", settings.user.empty() ? "is empty" : "holds a line end or a NUL"});
    }
    if (auto fault = fault_of(settings.authentication, settings.tls_mode); !fault.empty()) {
        faults.push_back({"auth", std::move(fault)});
    }
    if (settings.tokens &&
        !(settings.authentication && pop3::takes_token(*settings.authentication))) {
        faults.push_back({"auth", "must be xoauth2 or oauthbearer for a token that is fetched"});
    }
    if (settings.authentication == pop3::Mechanism::external &&
        settings.tls.client_certificate_pem.empty()) {
        faults.push_back({"auth", "external needs --client-certificate and --client-key"});
    }
    if (settings.mailbox.size() > MaildropRegistry::mailbox_bytes_max) {
        faults.push_back({"mailbox", "is longer than 255 octets"});
    } else if (has_control(settings.mailbox)) {
        faults.push_back({"mailbox", "holds a control character"});
    }
    if (settings.message_bytes_max > message_bytes_limit_max) {
        faults.push_back({"max-bytes", "is more than 2 GiB; 0 means no limit"});
    }
    return faults;
}

std::string mailbox_id(const MailboxSettings& settings)
{
    if (!settings.mailbox.empty()) {
        return settings.mailbox;
    }
    if (settings.user.size() <= MaildropRegistry::mailbox_bytes_max) {
        return settings.user;
    }
    return "sha256:" + crypto::to_hex(crypto::sha256(base::as_bytes(settings.user)));
}

std::string server_id(std::string_view server, std::uint16_t port)
{
    return base::lower_case(server) + ":" + std::to_string(port);
}

} // namespace watchpost::collector
