#include "collector/step_report.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "base/bytes.h"
#include "collector/console_text.h"
#include "collector/server_advice.h"
#include "diag/quote.h"

namespace watchpost::collector {

namespace {

enum Step : std::size_t {
    resolve,
    connect,
    proxy,
    tls,
    certificate,
    capabilities,
    token,
    log_in,
    list,
    count
};

constexpr std::array<std::string_view, Step::count> step_names{
    "resolve", "connect", "proxy", "tls", "certificate", "capabilities", "token", "log_in", "list"};

using Steps = std::vector<StepReport>;

Steps all_skipped()
{
    Steps steps;
    for (const auto name : step_names) {
        steps.push_back(
            {.step = std::string{name}, .outcome = StepOutcome::skipped, .text = "not tried"});
    }
    return steps;
}

void set(Steps& steps, Step step, StepOutcome outcome, std::string text)
{
    steps[step].outcome = outcome;
    steps[step].text = std::move(text);
}

std::string joined(const std::vector<std::string>& texts, std::string_view separator)
{
    std::string all;
    for (const auto& text : texts) {
        all += (all.empty() ? "" : std::string{separator}) + text;
    }
    return all;
}

void add_addresses(const LinkReport& link, Steps& steps)
{
    std::vector<std::string> addresses;
    std::vector<std::string> attempts;
    for (const auto& attempt : link.addresses) {
        addresses.push_back(attempt.address);
        attempts.push_back(attempt.address + ": " + attempt.outcome);
    }
    if (addresses.empty()) {
        return;
    }
    set(steps, Step::resolve, StepOutcome::ok, joined(addresses, ", "));
    const bool was_refused = addresses.size() > 1; // the last one alone took the connection
    set(steps, Step::connect, was_refused ? StepOutcome::warning : StepOutcome::ok,
        joined(attempts, "; "));
}

/// The certificates are shown also where they were refused: the reason comes before them.
void add_certificate(const net::TlsInfo& info, Steps& steps)
{
    if (info.chain.empty()) {
        return;
    }
    std::vector<std::string> chain;
    chain.reserve(info.chain.size());
    for (const auto& one : info.chain) {
        chain.push_back(describe(one));
    }
    const std::string faults = joined(info.faults, "; ");
    set(steps, Step::certificate, faults.empty() ? StepOutcome::ok : StepOutcome::warning,
        (faults.empty() ? "" : "accepted by the policy, although " + faults + " — ") +
            joined(chain, "; sent with it: "));
}

void add_tls(const LinkReport& link, const MailboxSettings& settings, Steps& steps)
{
    if (settings.tls_mode == TlsMode::none) {
        if (!link.peer_address.empty()) {
            set(steps, Step::tls, StepOutcome::warning,
                "off: password and messages cross the network in clear");
            set(steps, Step::certificate, StepOutcome::skipped, "without TLS there is none");
        }
        return;
    }
    if (!link.tls.version.empty()) {
        set(steps, Step::tls, StepOutcome::ok, link.tls.version + " " + link.tls.cipher);
    }
    add_certificate(link.tls, steps);
}

void add_capabilities(const LinkReport& link, const Integration& integration, Steps& steps)
{
    if (link.step <= LinkStep::capabilities) {
        return;
    }
    const auto& known = link.capabilities;
    std::vector<std::string> warnings;
    if (known.known && !known.uidl) {
        warnings.emplace_back(integration.first_poll == FirstPoll::new_only
                                  ? "without UIDL, \"Only from now on\" cannot be kept"
                                  : "without UIDL, every message is fetched at every poll");
    }
    if (known.login_delay && *known.login_delay > integration.receive_every) {
        warnings.push_back("the server wants " + std::to_string(known.login_delay->count()) +
                           " s between two log-ins, so polls are no more frequent");
    }
    if (known.expire && *known.expire <= std::max<std::chrono::seconds>(integration.receive_every,
                                                                        std::chrono::hours{24})) {
        warnings.push_back("the server removes messages after " +
                           std::to_string(known.expire->count()) + " days (EXPIRE)");
    }
    std::vector<std::string> lines;
    lines.reserve(known.lines.size());
    for (const auto& line : known.lines) {
        lines.push_back(diag::quote(line, 80));
    }
    const auto told = known.known ? joined(lines, ", ") : "the server does not tell any";
    warnings.push_back(told);
    set(steps, Step::capabilities, warnings.size() > 1 ? StepOutcome::warning : StepOutcome::ok,
        joined(warnings, "; "));
}

void add_session(const ConnectionTest& test, const MailboxSettings& settings, Steps& steps)
{
    if (test.link.step == LinkStep::done) {
        set(steps, Step::log_in,
            test.link.mechanisms_rejected.empty() ? StepOutcome::ok : StepOutcome::warning,
            describe_login(test.link));
    }
    if (test.maildrop) {
        const std::string advice = joined(advice_for(test.link, settings), "; ");
        set(steps, Step::list, advice.empty() ? StepOutcome::ok : StepOutcome::warning,
            std::to_string(test.maildrop->count) +
                (test.maildrop->count == 1 ? " message, " : " messages, ") +
                base::to_readable_bytes(test.maildrop->octets) +
                (advice.empty() ? "" : "; " + advice));
    }
}

/// It is fetched before all else, and shown where it is used.
void add_token(const ConnectionTest& test, Steps& steps)
{
    if (test.token == ConnectionTest::Token::fetched) {
        set(steps, Step::token, test.notes.empty() ? StepOutcome::ok : StepOutcome::warning,
            describe_token(test));
    }
}

/// The step of the form that stands for the one of the link. What fails before TLS began, and is
/// wanted for it, counts as a fault of TLS.
Step failed_step(const ConnectionTest& test, const MailboxSettings& settings)
{
    const bool is_before_tls = settings.tls_mode == TlsMode::stls && test.link.tls.version.empty();
    if (test.token == ConnectionTest::Token::refused ||
        test.token == ConnectionTest::Token::failed) {
        return Step::token;
    }
    switch (static_cast<LinkStep>(test.link.step)) {
    case LinkStep::connect:
        return test.link.addresses.empty() ? Step::resolve : Step::connect;
    case LinkStep::proxy:
        return Step::proxy;
    case LinkStep::tls:
        return test.error->code() == base::ErrorCode::certificate_rejected ? Step::certificate
                                                                           : Step::tls;
    case LinkStep::greeting:
        return settings.tls_mode == TlsMode::implicit ? Step::capabilities : Step::connect;
    case LinkStep::capabilities:
        return is_before_tls ? Step::tls : Step::capabilities;
    case LinkStep::log_in:
        return Step::log_in;
    case LinkStep::done:
        return Step::list;
    }
    return Step::list;
}

/// What comes after the failed step was not come to, whatever an earlier try had shown.
void add_failure(const ConnectionTest& test, const Integration& integration, Steps& steps)
{
    const Step failed = failed_step(test, integration.settings);
    std::string text = to_console_text(*test.error);
    if (failed == Step::certificate && !test.link.tls.chain.empty()) {
        text += " — it was: " + describe(test.link.tls.chain.front());
    }
    set(steps, failed, StepOutcome::failed, std::move(text));
    for (std::size_t later = failed + 1; later < Step::count; ++later) {
        if (later == Step::token && test.token == ConnectionTest::Token::fetched) {
            continue;
        }
        set(steps, static_cast<Step>(later), StepOutcome::skipped, "not tried");
    }
}

} // namespace

std::string_view to_string(StepOutcome outcome) noexcept
{
    switch (outcome) {
    case StepOutcome::ok:
        return "ok";
    case StepOutcome::warning:
        return "warning";
    case StepOutcome::failed:
        return "failed";
    case StepOutcome::skipped:
        return "skipped";
    }
    return "unknown";
}

std::optional<StepOutcome> parse_step_outcome(std::string_view text) noexcept
{
    for (const auto outcome :
         {StepOutcome::ok, StepOutcome::warning, StepOutcome::failed, StepOutcome::skipped}) {
        if (text == to_string(outcome)) {
            return outcome;
        }
    }
    return std::nullopt;
}

TestReport report_steps(const ConnectionTest& test, const Integration& integration)
{
    TestReport report;
    report.is_ok = !test.error;
    report.steps = all_skipped();
    add_addresses(test.link, report.steps);
    if (!test.link.proxy.empty()) {
        set(report.steps, Step::proxy, StepOutcome::ok, test.link.proxy);
    }
    add_tls(test.link, integration.settings, report.steps);
    add_capabilities(test.link, integration, report.steps);
    add_token(test, report.steps);
    add_session(test, integration.settings, report.steps);
    if (test.error) {
        add_failure(test, integration, report.steps);
    }
    if (!integration.settings.tokens) {
        report.steps.erase(report.steps.begin() + Step::token);
    }
    if (!integration.settings.proxy) {
        report.steps.erase(report.steps.begin() + Step::proxy);
    }
    if (test.maildrop) {
        report.message_count = test.maildrop->count;
        report.octets = test.maildrop->octets;
    }
    return report;
}

TestReport report_not_tried(std::string_view step, const base::Error& error)
{
    TestReport report;
    report.steps = all_skipped();
    report.steps.erase(report.steps.begin() + Step::token); // neither is at fault by itself
    report.steps.erase(report.steps.begin() + Step::proxy);
    const auto failed = std::ranges::find(report.steps, step, &StepReport::step);
    WP_ASSERT(failed != report.steps.end());
    failed->outcome = StepOutcome::failed;
    failed->text = to_console_text(error);
    return report;
}

} // namespace watchpost::collector
