// One mailbox as the operator configures it: the POP3 form's values, without the password.
//
// The same struct serves command line, service and console; validate() names the field and the
// fault. Plain values; may be copied between threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/token_settings.h"
#include "net/proxy.h"
#include "net/tls.h"
#include "pop3/mechanism.h"

namespace watchpost::collector {

enum class TlsMode : std::uint8_t {
    none,    // in clear
    stls,    // RFC 2595
    implicit // TLS from the first octet. RFC 8314 §3.2
};

/// "none", "stls", "implicit"; nullopt for other words.
[[nodiscard]] std::string_view to_string(TlsMode mode) noexcept;
[[nodiscard]] std::optional<TlsMode> parse_tls_mode(std::string_view text) noexcept;

/// Why this mechanism cannot be had with this TLS mode, as a sentence; empty: it can.
[[nodiscard]] std::string fault_of(std::optional<pop3::Mechanism> authentication, TlsMode mode);

/// 995 for implicit TLS, else 110.
[[nodiscard]] std::uint16_t default_port(TlsMode mode) noexcept;

enum class AfterRetrieval : std::uint8_t { leave_on_server, delete_once_stored };

/// What becomes of the messages that are there when a maildrop is polled for the first time.
enum class FirstPoll : std::uint8_t {
    all,
    new_only // recorded as seen, neither fetched nor deleted
};

inline constexpr std::uint64_t message_bytes_default = std::uint64_t{256} << 20U;
inline constexpr std::uint64_t message_bytes_limit_max = std::uint64_t{2} << 30U;

struct MailboxSettings {
    std::string mailbox; // the ledger's name for it; empty: the user name. See mailbox_id().
    std::string server;
    std::uint16_t port = 995;
    TlsMode tls_mode = TlsMode::implicit;
    net::TlsSettings tls;                         // of no account where tls_mode is none
    std::optional<net::ProxySettings> proxy = {}; // empty: straight to the server
    std::string user;
    std::optional<pop3::Mechanism> authentication = {}; // empty: the strongest that is announced
    std::optional<TokenSettings> tokens = {};           // empty: the secret is used as it is
    AfterRetrieval after_retrieval = AfterRetrieval::leave_on_server;
    std::uint64_t message_bytes_max = message_bytes_default; // 0: no limit
};

struct SettingFault {
    std::string field; // "server", "port", "user" …
    std::string fault; // of validate(): without its subject, "is empty"
};

/// Everything that can be found wrong without asking the server; empty: nothing. Cipher string and
/// CA file are checked by net::TlsClient::make.
[[nodiscard]] std::vector<SettingFault> validate(const MailboxSettings& settings);

/// The name under which the ledger knows the mailbox: the one given, else the user name. Neither
/// address, port nor TLS mode is in it, so that changing them collects nothing twice. Two maildrops
/// of one user name on two servers need a name each, or a spool each.
[[nodiscard]] std::string mailbox_id(const MailboxSettings& settings);

/// "mail.example:995", by which one server is told from another: names are the same whatever their
/// case. RFC 4343 §2.
[[nodiscard]] std::string server_id(std::string_view server, std::uint16_t port);

} // namespace watchpost::collector
