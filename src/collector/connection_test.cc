#include "collector/connection_test.h"

#include "base/bytes.h"
#include "collector/link_opener.h"
#include "collector/survey.h"
#include "crypto/sha256.h"
#include "diag/quote.h"

namespace watchpost::collector {

namespace {

using Steps = std::vector<TestStep>;

void add_addresses(const LinkReport& link, Steps& steps)
{
    for (const auto& attempt : link.addresses) {
        steps.push_back(
            {"address", attempt.outcome == "connected", attempt.address + ": " + attempt.outcome});
    }
}

void add_token(const ConnectionTest& test, Steps& steps)
{
    using enum ConnectionTest::Token;
    if (test.token == fetched) {
        steps.push_back({"token", true, describe_token(test)});
    } else if (test.token != none && test.error) {
        steps.push_back({"token", false, test.error->message()});
    }
}

/// The certificates are shown also where they were refused: then the reason follows as the error.
void add_tls(const ConnectionTest& test, Steps& steps)
{
    const auto& tls = test.link.tls;
    if (test.link.is_encrypted) {
        steps.push_back({"TLS", true, tls.version + ", " + tls.cipher});
    }
    for (const auto& certificate : tls.chain) {
        steps.push_back({"certificate", true, describe(certificate)});
    }
    for (const auto& fault : tls.faults) {
        steps.push_back({"certificate", test.link.is_encrypted,
                         fault + (test.link.is_encrypted ? " (accepted by the policy)" : "")});
    }
}

void add_capabilities(const pop3::Capabilities& capabilities, Steps& steps)
{
    std::string text;
    for (const auto& line : capabilities.lines) {
        text += (text.empty() ? "" : ", ") + diag::quote(line, 80);
    }
    steps.push_back(
        {"capabilities", true, capabilities.known ? text : "the server does not tell any"});
}

std::string name_of(LinkStep step)
{
    switch (step) {
    case LinkStep::connect:
        return "address";
    case LinkStep::proxy:
        return "proxy";
    case LinkStep::tls:
        return "TLS";
    case LinkStep::greeting:
        return "greeting";
    case LinkStep::capabilities:
        return "capabilities";
    case LinkStep::log_in:
        return "log-in";
    case LinkStep::done:
        return "messages";
    }
    return "unknown";
}

} // namespace

std::string describe(const net::CertificateInfo& certificate)
{
    std::string names;
    for (const auto& name : certificate.names) {
        names += (names.empty() ? "" : ", ") + name;
    }
    return certificate.subject + ", issued by " + certificate.issuer + ", valid " +
           certificate.not_before + " to " + certificate.not_after + ", " + certificate.key +
           (names.empty() ? ", without names" : ", for " + names) + ", SHA-256 " +
           crypto::to_hex(certificate.fingerprint);
}

std::string describe_login(const LinkReport& link)
{
    std::string rejected;
    for (const auto& mechanism : link.mechanisms_rejected) {
        rejected += (rejected.empty() ? "" : ", ") + std::string{name_of(mechanism)};
    }
    return "by " + link.mechanism +
           (rejected.empty() ? ""
                             : "; the server announces " + rejected + " and refuses it: choose " +
                                   link.mechanism + " to spare it the attempt");
}

std::string describe_token(const ConnectionTest& test)
{
    std::string text = "an access token was fetched";
    for (const auto& note : test.notes) {
        text += "; " + note;
    }
    return text;
}

namespace {

using Token = ConnectionTest::Token;

/// From the connection to the count of messages.
void try_link(Transport& transport, const MailboxSettings& settings,
              const pop3::Credentials& credentials, const SessionLimits& limits,
              unsigned refusals_max, ConnectionTest& test)
{
    test.link = {};
    test.error.reset();
    LinkOpener opener{transport, settings, credentials, limits};
    const auto end = std::chrono::steady_clock::now() + limits.wind_down_time_max;
    auto link = opener.open(end, refusals_max, test.link);
    if (!link) {
        test.error = std::move(link).error();
        return;
    }
    const auto status = ask_status(**link);
    if (!status) {
        test.error = base::Error{status.error()}.during("count the messages");
        return;
    }
    test.maildrop = *status;
    static_cast<void>((*link)->exchange(pop3::Verb::quit)); // nothing hangs on the answer
}

/// nullopt: the test is over.
std::optional<pop3::Credentials> fetch_token(TokenLogin& tokens, ConnectionTest& test)
{
    auto credentials = tokens.credentials();
    for (auto& note : tokens.take_notes()) {
        test.notes.push_back(std::move(note));
    }
    if (credentials) {
        test.token = Token::fetched;
        return *std::move(credentials);
    }
    test.token = credentials.error().code() == base::ErrorCode::auth_rejected ? Token::refused
                                                                              : Token::failed;
    test.link = {};
    test.error = std::move(credentials).error();
    return std::nullopt;
}

} // namespace

ConnectionTest test_connection(Transport& transport, const MailboxSettings& settings,
                               const pop3::Credentials& credentials, const SessionLimits& limits,
                               unsigned refusals_max, TokenLogin* tokens)
{
    ConnectionTest test;
    if (tokens == nullptr) {
        try_link(transport, settings, credentials, limits, refusals_max, test);
        return test;
    }
    do {
        const auto with_token = fetch_token(*tokens, test);
        if (!with_token) {
            return test;
        }
        try_link(transport, settings, *with_token, limits, refusals_max, test);
    } while (test.link.refusals > 0 && tokens->may_renew());
    return test;
}

std::vector<TestStep> describe_steps(const ConnectionTest& test)
{
    Steps steps;
    add_token(test, steps);
    add_addresses(test.link, steps);
    if (!test.link.proxy.empty()) {
        steps.push_back({"proxy", true, test.link.proxy});
    }
    add_tls(test, steps);
    if (test.link.step > LinkStep::capabilities) {
        add_capabilities(test.link.capabilities, steps);
    }
    if (test.link.step == LinkStep::done) {
        steps.push_back({"log-in", true, describe_login(test.link)});
    }
    if (test.maildrop) {
        steps.push_back({"messages", true,
                         std::to_string(test.maildrop->count) + ", " +
                             base::to_readable_bytes(test.maildrop->octets)});
    }
    if (test.error && test.token != Token::refused && test.token != Token::failed) {
        steps.push_back({name_of(test.link.step), false, test.error->message()});
    }
    return steps;
}

} // namespace watchpost::collector
