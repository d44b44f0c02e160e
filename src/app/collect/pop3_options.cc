#include "app/collect/pop3_options.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/collect/password_file.h"
#include "app/collect/token_options.h"
#include "base/bytes.h"
#include "collector/mailbox_login.h"
#include "diag/quote.h"

namespace watchpost::app {
namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

constexpr unsigned timeout_seconds_max = 3'600;
constexpr std::uint64_t spool_bytes_least = std::uint64_t{1} << 20U;

/// As they were typed.
struct Typed {
    std::string server;
    std::string proxy;
    std::string proxy_password_file;
    std::uint16_t port = 0;
    std::string user;
    std::string password_file;
    std::string auth = "auto";
    std::string tls = "implicit";
    std::string certificate = "trusted";
    std::string certificate_name;
    std::string ca;
    std::string pin;
    std::string ciphers;
    std::uint64_t max_bytes = collector::message_bytes_default;
    unsigned timeout = 60;
    bool json = false;
    bool deletes = false;
    std::string spool;
    std::uint64_t spool_max_bytes = 0;
    std::uint64_t disk_min_bytes = spool::SpoolOptions{}.free_bytes_min;
    std::string mailbox;
    bool different_maildrop = false;
    bool retry_login = false;
    TypedTokens tokens;
};

void declare_server(CLI::App& cli, Typed& typed)
{
    cli.add_option("--server", typed.server, "Mail server: IPv4, IPv6 or a host name")->required();
    cli.add_option("--port", typed.port, "Port (default: 995 with --tls implicit, else 110)")
        ->check(CLI::Range(1, 65535));
    cli.add_option("--user", typed.user, "User name")->required();
    cli.add_option("--password-file", typed.password_file,
                   "File whose first line is the password; only you should be able to read it");
    cli.add_option("--auth", typed.auth,
                   "How to log in: auto (default: the strongest that is announced), user-pass, "
                   "plain, login, cram-md5, scram-sha-1, scram-sha-256, either with -plus, apop; "
                   "xoauth2 or oauthbearer, for which the password file holds the token "
                   "or --token-from says where it comes from; external, by --client-certificate");
    cli.add_option("--token-from", typed.tokens.from,
                   "Fetch the access token with: refresh-token or client-credentials");
    declare_tokens(cli, typed.tokens);
    declare_client_certificate(cli, typed.tokens);
    cli.add_option("--tls", typed.tls, "none, stls or implicit (default: implicit)");
    cli.add_option("--certificate", typed.certificate,
                   "Which certificates are accepted: any, self-signed or trusted (default)");
    cli.add_option("--certificate-name", typed.certificate_name,
                   "Name to check and to ask for in place of --server");
    cli.add_option("--ca", typed.ca, "PEM file of certificates to trust beside the system's");
    cli.add_option("--pin", typed.pin,
                   "SHA-256 fingerprint that the certificate must have besides, in hexadecimal");
    cli.add_option("--ciphers", typed.ciphers,
                   "OpenSSL cipher string; names that begin with TLS_ set the TLS 1.3 suites");
    cli.add_option("--proxy", typed.proxy,
                   "Way out: socks5://[user@]host:port or http://[user@]host:port (CONNECT)");
    cli.add_option("--proxy-password-file", typed.proxy_password_file,
                   "File whose first line is the password for the proxy's user");
    cli.add_option("--timeout", typed.timeout,
                   "Seconds to wait for the server's next octets (default: 60)")
        ->check(CLI::Range(1U, timeout_seconds_max));
    cli.add_flag("--json", typed.json, "One JSON object on standard output");
}

void declare_collecting(CLI::App& cli, Typed& typed, Pop3Command command)
{
    auto* spool = cli.add_option("--spool", typed.spool,
                                 "Folder in which messages are stored; made where it is missing");
    if (command == Pop3Command::collect) {
        spool->required();
    }
    cli.add_option("--spool-max-bytes", typed.spool_max_bytes,
                   "What the spool may take on disk, at least 1 MiB (default: 0, no limit)");
    cli.add_option("--disk-min-bytes", typed.disk_min_bytes,
                   "What is left free of the spool's disk (default: 64 MiB)");
    cli.add_flag("--delete", typed.deletes, "Delete messages at the server once they are stored");
    cli.add_option("--max-bytes", typed.max_bytes,
                   "Larger messages are recorded, not fetched (default: 256 MiB; 0: no limit)");
    cli.add_option("--mailbox", typed.mailbox,
                   "Name under which the spool knows the mailbox (default: the user name)");
    cli.add_flag("--different-maildrop", typed.different_maildrop,
                 "The mailbox was replaced by another one: nothing in it is known");
    cli.add_flag("--retry-login", typed.retry_login,
                 "Forget that the server refused the password before");
}

base::Failure invalid(std::string message)
{
    return base::fail(ErrorCode::invalid_argument, Retry::never, std::move(message));
}

base::Failure bad_word(std::string_view option, std::string_view word, std::string_view words)
{
    return invalid(std::string{option} + ": \"" + diag::quote(word) + "\" is none of " +
                   std::string{words});
}

/// 64 hexadecimal digits, with or without colons between the octets.
Result<crypto::Sha256> parse_pin(std::string text)
{
    std::erase(text, ':');
    const auto octets = base::parse_hex(text);
    crypto::Sha256 pin{};
    if (!octets || octets->size() != pin.size()) {
        return invalid("--pin: a SHA-256 fingerprint has 64 hexadecimal digits");
    }
    std::transform(octets->begin(), octets->end(), pin.begin(),
                   [](std::byte octet) { return std::to_integer<std::uint8_t>(octet); });
    return pin;
}

Result<net::TlsSettings> tls_settings(const Typed& typed)
{
    net::TlsSettings tls;
    const auto policy = net::parse_certificate_policy(typed.certificate);
    if (!policy) {
        return bad_word("--certificate", typed.certificate, "any, self-signed, trusted");
    }
    tls.policy = *policy;
    tls.certificate_name = typed.certificate_name;
    tls.ca_file = typed.ca;
    tls.ciphers = typed.ciphers;
    if (auto read = read_client_certificate(typed.tokens, tls); !read) {
        return base::fail(std::move(read).error());
    }
    if (!typed.pin.empty()) {
        const auto pin = parse_pin(typed.pin);
        if (!pin) {
            return base::fail(pin.error());
        }
        tls.pin = *pin;
    }
    return tls;
}

/// Whoever asks for a check must not be spoken to in clear as if there were none.
Result<void> require_tls_for_checks(const Typed& typed)
{
    const std::array<std::pair<std::string_view, const std::string&>, 2> options{{
        {"--pin", typed.pin},
        {"--client-certificate", typed.tokens.client_certificate},
    }};
    for (const auto& [option, value] : options) {
        if (!value.empty()) {
            return invalid(std::string{option} + ": with --tls none everything goes in clear, and "
                                                 "nothing is checked; leave one of the two out");
        }
    }
    return {};
}

/// Nothing without --proxy.
Result<std::optional<net::ProxySettings>> proxy_settings(const Typed& typed)
{
    if (typed.proxy.empty() && !typed.proxy_password_file.empty()) {
        return invalid("--proxy-password-file: there is no --proxy to give it to");
    }
    if (typed.proxy.empty()) {
        return std::nullopt;
    }
    auto proxy = net::parse_proxy(typed.proxy);
    if (!proxy) {
        return invalid("--proxy: " + proxy.error().message());
    }
    if (proxy->user.empty() != typed.proxy_password_file.empty()) {
        return invalid("--proxy: a user name needs --proxy-password-file, and that a user name");
    }
    if (!proxy->user.empty()) {
        auto password = read_password_file(typed.proxy_password_file, "--proxy-password-file");
        if (!password) {
            return base::fail(std::move(password).error());
        }
        proxy->password = *std::move(password);
    }
    return *std::move(proxy);
}

Result<collector::MailboxSettings> mailbox_settings(const Typed& typed)
{
    collector::MailboxSettings settings;
    const auto mode = collector::parse_tls_mode(typed.tls);
    if (!mode) {
        return bad_word("--tls", typed.tls, "none, stls, implicit");
    }
    if (*mode == collector::TlsMode::none) {
        if (auto checked = require_tls_for_checks(typed); !checked) {
            return base::fail(std::move(checked).error());
        }
    }
    auto tls = tls_settings(typed);
    if (!tls) {
        return base::fail(std::move(tls).error());
    }
    if (typed.auth != "auto") {
        settings.authentication = pop3::parse_mechanism(typed.auth);
        if (!settings.authentication) {
            return bad_word("--auth", typed.auth,
                            "auto, user-pass, apop, plain, login, cram-md5, scram-sha-1, "
                            "scram-sha-1-plus, scram-sha-256, scram-sha-256-plus, xoauth2, "
                            "oauthbearer, external");
        }
    }
    auto tokens = token_settings(typed.tokens);
    if (!tokens) {
        return base::fail(std::move(tokens).error());
    }
    settings.tokens = *std::move(tokens);
    auto proxy = proxy_settings(typed);
    if (!proxy) {
        return base::fail(std::move(proxy).error());
    }
    settings.proxy = *std::move(proxy);
    settings.tls_mode = *mode;
    settings.tls = *std::move(tls);
    settings.server = typed.server;
    settings.port = typed.port != 0 ? typed.port : collector::default_port(*mode);
    settings.user = typed.user;
    settings.mailbox = typed.mailbox;
    settings.message_bytes_max = typed.max_bytes;
    settings.after_retrieval = typed.deletes ? collector::AfterRetrieval::delete_once_stored
                                             : collector::AfterRetrieval::leave_on_server;
    if (const auto faults = collector::validate(settings); !faults.empty()) {
        const auto& [field, fault] = faults.front();
        const bool is_sentence = !fault.empty() && fault.front() >= 'A' && fault.front() <= 'Z';
        return invalid("--" + field + (is_sentence ? ": " : " ") + fault);
    }
    return settings;
}

/// Nothing where no token is fetched.
Result<std::optional<collector::TokenRequest>>
fetched_token(const Typed& typed, const collector::MailboxSettings& settings)
{
    if (!settings.tokens) {
        return std::nullopt;
    }
    auto request = token_request(typed.tokens, *settings.tokens);
    if (!request) {
        return base::fail(std::move(request).error());
    }
    request->proxy = settings.proxy;
    return *std::move(request);
}

Result<std::string> typed_secret(const Typed& typed, const collector::MailboxSettings& settings)
{
    if (settings.authentication == pop3::Mechanism::external) {
        return std::string{};
    }
    return typed.password_file.empty() ? invalid("--password-file is needed")
                                       : read_password_file(typed.password_file);
}

Result<Pop3Options> to_options(const Typed& typed)
{
    auto settings = mailbox_settings(typed);
    if (!settings) {
        return base::fail(std::move(settings).error());
    }
    auto token = fetched_token(typed, *settings);
    if (!token) {
        return base::fail(std::move(token).error());
    }
    auto secret = *token ? Result<std::string>{} : typed_secret(typed, *settings);
    if (!secret) {
        return base::fail(std::move(secret).error());
    }
    auto credentials = pop3::Credentials::make(
        typed.user, *token ? collector::lasting_secret(**token)
                           : collector::judged_secret(*settings, nullptr, *secret));
    if (!credentials) {
        return base::fail(std::move(credentials).error());
    }
    Pop3Options options{*std::move(settings), *std::move(credentials)};
    options.limits.reply_time_max = std::chrono::seconds{typed.timeout};
    options.maildrop =
        typed.different_maildrop ? collector::Maildrop::different : collector::Maildrop::same;
    options.refused_logins = typed.retry_login ? collector::RefusedLogins::start_anew
                                               : collector::RefusedLogins::remember;
    options.spool = typed.spool;
    if (typed.spool_max_bytes != 0 && typed.spool_max_bytes < spool_bytes_least) {
        return invalid("--spool-max-bytes: at least 1048576, or 0 for no limit");
    }
    options.spool_options.bytes_max = typed.spool_max_bytes;
    options.spool_options.free_bytes_min = typed.disk_min_bytes;
    options.is_json = typed.json;
    options.token = *std::move(token);
    options.refresh_token_file = typed.tokens.refresh_token_file;
    return options;
}

} // namespace

Result<std::variant<Pop3Options, HelpText>> parse_pop3_options(Pop3Command command,
                                                               int argument_count, char** arguments)
{
    const bool collects = command == Pop3Command::collect;
    const std::string name = collects ? "watchpost collect" : "watchpost check pop3";
    CLI::App cli{collects ? "Polls one mailbox once and stores what is new."
                          : "Tests a connection step by step; nothing is retrieved or changed.",
                 name};
    Typed typed;
    declare_server(cli, typed);
    declare_collecting(cli, typed, command);
    cli.footer(collects ? "Exit code: 0 all collected, 1 some left, 2 could not connect or log in, "
                          "3 no room in the spool."
                        : "Exit code: 0 every step passed, 2 one did not.");
    try {
        cli.parse(argument_count, arguments);
    } catch (const CLI::CallForHelp&) {
        return HelpText{cli.help()};
    } catch (const CLI::ParseError& error) {
        return invalid(diag::quote(error.what()) + "; `" + name + " --help` tells the options");
    }
    auto options = to_options(typed);
    if (!options) {
        return base::fail(std::move(options).error());
    }
    return *std::move(options);
}

} // namespace watchpost::app
