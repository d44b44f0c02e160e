#include "collector/link_opener.h"

#include <utility>

#include "net/server_name.h"
#include "pop3/login.h"
#include "secrets/password.h"

namespace watchpost::collector {

using base::ErrorCode;
using base::Result;
using base::Retry;

std::string_view to_string(LinkStep step) noexcept
{
    switch (step) {
    case LinkStep::connect:
        return "connect";
    case LinkStep::proxy:
        return "proxy";
    case LinkStep::tls:
        return "tls";
    case LinkStep::greeting:
        return "greeting";
    case LinkStep::capabilities:
        return "capabilities";
    case LinkStep::log_in:
        return "log in";
    case LinkStep::done:
        return "done";
    }
    return "unknown";
}

namespace {

std::string_view what_to_check(const MailboxSettings& settings)
{
    if (settings.tokens) {
        return "the token was fetched for this log-in: check that the user name is the mailbox's, "
               "and that the provider lets the application read it";
    }
    if (settings.authentication == pop3::Mechanism::external) {
        return "check user name and client certificate";
    }
    const bool sends_token = settings.authentication && pop3::takes_token(*settings.authentication);
    return sends_token ? "check user name and token" : "check user name and password";
}

/// What the operator can do about it, where the layer below cannot know.
base::Error with_remedy(const base::Error& error, const MailboxSettings& settings)
{
    if (error.code() == ErrorCode::connect_failed) {
        return base::Error{error.code(), error.retry(),
                           error.message() + "; check server name and port, and whether a firewall "
                                             "lets this machine through"};
    }
    if (error.code() == ErrorCode::auth_rejected) {
        return base::Error{error.code(), error.retry(),
                           error.message() + "; " + std::string{what_to_check(settings)}};
    }
    return error;
}

/// What failed says something of the machine behind this address, and nothing of policy: it broke
/// off, was silent, or greeted with an error. A certificate that is refused, a TLS that cannot be
/// agreed on and a refused STLS are never answered by going elsewhere: somebody has to see them.
bool is_of_the_address(const base::Error& error, LinkStep step)
{
    if (step != LinkStep::proxy && step != LinkStep::tls && step != LinkStep::greeting) {
        return false;
    }
    switch (error.code()) {
    case ErrorCode::connection_lost:
    case ErrorCode::timed_out:
        return true;
    case ErrorCode::protocol_violation:
    case ErrorCode::refused_by_server:
    case ErrorCode::busy:
        return step == LinkStep::greeting;
    default: // of the many codes, the others are no fault of the address
        return false;
    }
}

} // namespace

Result<std::unique_ptr<Link>> LinkOpener::open(base::Deadline session_end, unsigned refusals_max,
                                               LinkReport& report, Capa capa)
{
    auto link = try_addresses(session_end, refusals_max, capa, report);
    // After STLS, CAPA has been answered once.
    const bool may_be_spared = settings_.tls_mode != TlsMode::stls || !report.is_encrypted;
    const auto is_lost_at_capa = [&] {
        return !link && link.error().code() == ErrorCode::connection_lost &&
               report.step == LinkStep::capabilities;
    };
    if (is_lost_at_capa() && may_be_spared && capa == Capa::ask) {
        link = try_addresses(session_end, refusals_max, capa, report); // once is an accident
    }
    if (is_lost_at_capa() && may_be_spared) {
        // Some servers hang up on a CAPA that they do not know; they are spoken to without it.
        link = try_addresses(session_end, refusals_max, Capa::spare, report);
        report.hangs_up_on_capa = link.has_value();
    }
    if (!link) {
        return base::fail(
            with_remedy(link.error(), settings_).during(std::string{to_string(report.step)}));
    }
    return link;
}

/// Each address that takes the connection and fails then is remembered, so that the next try goes
/// to another one. There are no more tries than addresses.
Result<std::unique_ptr<Link>> LinkOpener::try_addresses(base::Deadline session_end,
                                                        unsigned refusals_max, Capa capa,
                                                        LinkReport& report)
{
    std::vector<AddressAttempt> before;
    while (true) {
        auto link = try_to_open(session_end, refusals_max, capa, report);
        report.addresses.insert(report.addresses.begin(), before.begin(), before.end());
        if (link || !is_of_the_address(link.error(), report.step) ||
            !transport_.avoid(report.peer_address) ||
            report.addresses.size() >= limits_.connect.addresses_max ||
            std::chrono::steady_clock::now() >= session_end) {
            return link;
        }
        before = report.addresses;
        before.back().outcome += ", then: " + link.error().message();
    }
}

Result<std::unique_ptr<Link>> LinkOpener::try_to_open(base::Deadline session_end,
                                                      unsigned refusals_max, Capa capa,
                                                      LinkReport& report)
{
    report = LinkReport{};
    auto opened = connect(session_end, report);
    if (!opened) {
        return opened;
    }
    Link& link = **opened;
    Result<void> step = take_greeting(link, report);
    if (step) {
        step = ask_capabilities(link, capa, report);
    }
    if (step && settings_.tls_mode == TlsMode::stls) {
        step = start_tls(link, report);
        if (step) {
            step = ask_capabilities(link, Capa::ask, report);
        }
    }
    if (step) {
        step = log_in(link, refusals_max, report);
    }
    if (step) {
        step = ask_again_after_login(link, capa, report);
    }
    if (!step) {
        report.trouble = link.client().trouble();
        return base::fail(std::move(step).error());
    }
    report.step = LinkStep::done;
    return opened;
}

Result<std::unique_ptr<Link>> LinkOpener::connect(base::Deadline session_end, LinkReport& report)
{
    report.step = LinkStep::connect;
    auto stream = transport_.connect([&](std::string_view address, std::string_view outcome) {
        report.addresses.push_back({std::string{address}, std::string{outcome}});
    });
    if (!stream) {
        return base::fail(std::move(stream).error());
    }
    report.peer_address = (*stream)->peer_address();
    if (settings_.proxy) {
        report.step = LinkStep::proxy;
        stream = transport_.pass_proxy(*std::move(stream));
        if (!stream) {
            return base::fail(std::move(stream).error());
        }
        report.proxy = report.peer_address + " leads to " +
                       net::to_host_and_port(settings_.server, settings_.port);
    }
    if (settings_.tls_mode == TlsMode::implicit) {
        stream = secure(*std::move(stream), report);
        if (!stream) {
            return base::fail(std::move(stream).error());
        }
    }
    return std::make_unique<Link>(*std::move(stream), limits_, session_end);
}

Result<std::unique_ptr<net::Stream>> LinkOpener::secure(std::unique_ptr<net::Stream> clear,
                                                        LinkReport& report)
{
    report.step = LinkStep::tls;
    const auto deadline = std::chrono::steady_clock::now() + limits_.tls_time_max;
    auto stream = transport_.secure(std::move(clear), deadline, report.tls);
    report.is_encrypted = stream.has_value();
    return stream;
}

Result<void> LinkOpener::take_greeting(Link& link, LinkReport& report)
{
    report.step = LinkStep::greeting;
    const auto greeting = link.read_reply();
    if (greeting) {
        report.greeting = greeting->text;
        return {};
    }
    const auto& error = greeting.error();
    if (error.code() == ErrorCode::timed_out && settings_.tls_mode != TlsMode::implicit) {
        return base::fail(ErrorCode::timed_out, Retry::later,
                          error.message() + "; a port that expects TLS from the start stays silent "
                                            "like this: try the TLS mode \"implicit\"");
    }
    return base::fail(error);
}

/// Each answer replaces the older one: servers announce different things before TLS, after TLS and
/// after the log-in. A man in the middle may have written the first.
Result<void> LinkOpener::ask_capabilities(Link& link, Capa capa, LinkReport& report)
{
    report.capabilities = {};
    if (capa == Capa::spare) {
        return {};
    }
    const LinkStep before = std::exchange(report.step, LinkStep::capabilities);
    auto capabilities = link.ask_capabilities();
    if (!capabilities) {
        return base::fail(std::move(capabilities).error());
    }
    report.capabilities = *std::move(capabilities);
    report.step = before;
    return {};
}

/// Some servers do not know CAPA any more then: policies that they announced before stand.
Result<void> LinkOpener::ask_again_after_login(Link& link, Capa capa, LinkReport& report)
{
    const auto before = report.capabilities;
    auto asked = ask_capabilities(link, capa, report);
    if (asked && !report.capabilities.known) {
        report.capabilities.login_delay = before.login_delay;
        report.capabilities.expire = before.expire;
    }
    return asked;
}

/// STLS is asked for even where it is not announced, since that announcement can be cut out by
/// somebody in between. A refusal ends the link: there is no way back to clear text.
Result<void> LinkOpener::start_tls(Link& link, LinkReport& report)
{
    report.step = LinkStep::tls;
    const auto reply = link.exchange(pop3::Verb::stls);
    if (!reply) {
        return base::fail(reply.error());
    }
    if (!reply->is_ok()) {
        return base::fail(ErrorCode::tls_failed, Retry::never,
                          "the server refuses STLS, and nothing is sent in clear: " +
                              pop3::refusal(reply->line()).message() +
                              "; try the TLS mode \"implicit\" on port 995");
    }
    auto stream = secure(link.take_stream(), report);
    if (!stream) {
        return base::fail(std::move(stream).error());
    }
    link.put_stream(*std::move(stream));
    link.client().begin_tls();
    return {};
}

pop3::LoginOptions LinkOpener::login_options(const Link& link, const LinkReport& report) const
{
    pop3::LoginOptions options;
    options.mechanism = settings_.authentication;
    options.avoided = avoided_;
    options.is_encrypted = report.is_encrypted;
    if (auto binding = link.stream().channel_binding()) {
        options.binding = pop3::ChannelBinding{std::move(binding->type),
                                               std::string{base::as_text(binding->octets)}};
    }
    options.server = settings_.server;
    options.port = settings_.port;
    options.greeting = report.greeting;
    options.make_nonce = [] { return secrets::random_token(24); };
    return options;
}

Result<void> LinkOpener::log_in(Link& link, unsigned refusals_max, LinkReport& report)
{
    report.step = LinkStep::log_in;
    if (auto silent = link.require_silence(); !silent) {
        return silent;
    }
    pop3::Login login{credentials_, refusals_max, login_options(link, report)};
    if (auto started = login.start(link.client(), report.capabilities); !started) {
        return started;
    }
    while (true) {
        report.mechanism = name_of(login.mechanism());
        const auto reply = link.next();
        if (!reply) {
            return base::fail(reply.error());
        }
        const auto progress = login.on_reply(link.client(), *reply);
        report.mechanism = name_of(login.mechanism());
        report.mechanisms_rejected = login.rejected();
        report.refusals = login.refusals();
        if (!progress) {
            return base::fail(progress.error());
        }
        if (*progress == pop3::Login::Progress::logged_in) {
            return {};
        }
    }
}

} // namespace watchpost::collector
