#include "collector/mailbox_poll.h"

#include <utility>

#include "base/assert.h"
#include "base/bytes.h"
#include "collector/login_memory.h"
#include "collector/maildrop_registry.h"
#include "collector/poll.h"
#include "collector/poll_history.h"
#include "collector/server_memory.h"
#include "collector/server_view.h"
#include "collector/source_memory.h"

namespace watchpost::collector {

using base::Result;

namespace {

using TwoNumbers = std::pair<std::uint64_t, std::uint64_t>;

std::string to_value(const TwoNumbers& numbers)
{
    return std::to_string(numbers.first) + " " + std::to_string(numbers.second);
}

/// nullopt for what to_value() does not write.
std::optional<TwoNumbers> parse_value(const std::optional<std::string>& value)
{
    const auto space = value ? value->find(' ') : std::string::npos;
    if (space == std::string::npos) {
        return std::nullopt;
    }
    const auto first = base::parse_decimal(std::string_view{*value}.substr(0, space));
    const auto second = base::parse_decimal(std::string_view{*value}.substr(space + 1));
    return first && second ? std::optional{TwoNumbers{*first, *second}} : std::nullopt;
}

/// Sees by what is remembered which Apply is new: it starts refused log-ins and what was learned of
/// the server anew, confirms its certificate, and may speak of another maildrop. A crash in the
/// middle does it again, which costs nothing.
Result<spool::MailboxKey> take_over_applied(const PollTools& tools, const Assignment& assignment,
                                            const MailboxSettings& settings, Transport& transport)
{
    const std::string name = "applied/" + assignment.id;
    const TwoNumbers now{assignment.version, assignment.generation};
    const auto before = parse_value(tools.store.get(name));
    const bool is_other_maildrop = before && now.second > before->second;
    auto key = MaildropRegistry{tools.store}.resolve(
        assignment.id, settings.user, is_other_maildrop ? Maildrop::different : Maildrop::same);
    if (!key || before == now) {
        return key;
    }
    if (!before || now.first != before->first) {
        transport.forget_failures();
        if (auto forgotten = LoginMemory::forget(tools.store, assignment.id); !forgotten) {
            return base::fail(std::move(forgotten).error());
        }
        if (auto confirmed = SourceMemory{tools.store, assignment.id}.confirm(); !confirmed) {
            return base::fail(std::move(confirmed).error());
        }
        ServerMemory server{tools.store, settings.server, settings.port};
        if (auto started = server.start_anew(tools.clock()); !started) {
            return base::fail(std::move(started).error());
        }
    }
    if (auto stored = tools.store.put(name, to_value(now)); !stored) {
        return base::fail(std::move(stored).error());
    }
    return key;
}

/// What became of a refresh token is kept for as long as a mailbox uses it.
Result<void> hold_token(const PollTools& tools, const std::string& mailbox,
                        const MailboxLogin& login)
{
    return tools.tokens == nullptr
               ? Result<void>{}
               : tools.tokens->hold(mailbox, login.token ? &*login.token : nullptr);
}

Result<PollReport> run_poll(const PollTools& tools, const MailboxSchedule::Job& job,
                            ListedAgain& listed_again, const PollWatcher& watcher)
{
    MailboxSettings settings = job.integration.settings;
    settings.mailbox = job.assignment.id;
    const auto login = open_login(tools.key, settings, job.assignment.settings_json,
                                  job.assignment.sealed_password);
    if (!login) {
        return base::fail(base::Error{login.error()}.during("log in"));
    }
    const auto transport = tools.make_transport(settings);
    if (!transport) {
        return base::fail(base::Error{transport.error()}.during("prepare TLS"));
    }
    const auto key = take_over_applied(tools, job.assignment, settings, **transport);
    if (!key) {
        PollReport report; // the disk may have room again later
        report.error = base::Error{key.error()}.during("take over the settings");
        return report;
    }
    auto ledger = Ledger::load(tools.receipts, job.assignment.id, listed_again);
    if (!ledger) {
        PollReport report;
        report.error = std::move(ledger).error();
        return report;
    }
    const auto held = hold_token(tools, job.assignment.id, *login); // before it may be rotated
    auto tokens = make_token_login(tools, settings, *login);
    Poll poll{{.settings = settings,
               .credentials = login->credentials,
               .key = *key,
               .epoch = tools.epoch,
               .transport = **transport,
               .intake = tools.intake,
               .store = tools.store,
               .ledger = *ledger,
               .limits = tools.limits,
               .clock = tools.clock,
               .on_progress = watcher.on_progress,
               .is_turn_over = watcher.is_turn_over,
               .budget = tools.budget.get(),
               .first_poll = job.integration.first_poll,
               .audience = Audience::console,
               .tokens = tokens ? &*tokens : nullptr},
              RefusedLogins::remember};
    auto report = poll.run();
    listed_again = ledger->listed_again(tools.clock());
    if (!held) {
        report.add_note("a refresh token of before cannot be forgotten: " +
                        held.error().describe());
    }
    return report;
}

std::string totals_name(const std::string& mailbox)
{
    return "totals/" + mailbox;
}

} // namespace

std::optional<TokenLogin> make_token_login(const PollTools& tools, const MailboxSettings& settings,
                                           const MailboxLogin& login)
{
    if (!login.token) {
        return std::nullopt;
    }
    WP_ASSERT(tools.tokens != nullptr);
    return std::optional<TokenLogin>{std::in_place, *tools.tokens, settings.user, *login.token};
}

Totals load_totals(const spool::StateStore& store, const std::string& mailbox)
{
    const auto stored = parse_value(store.get(totals_name(mailbox)));
    return stored ? Totals{stored->first, stored->second} : Totals{};
}

namespace {

/// What could not begin is a poll, too: the page shows why.
void keep_record(const PollTools& tools, const std::string& mailbox, base::Instant began_at,
                 std::chrono::milliseconds duration, base::Result<PollReport>& report)
{
    PollReport refused;
    if (!report) {
        refused.error = report.error();
    }
    auto record = make_record(report ? *report : refused, began_at, duration);
    if (auto kept = PollHistory{tools.store, mailbox}.add(std::move(record)); !kept && report) {
        report->add_note("the poll cannot be kept in the history: " + kept.error().describe());
    }
}

} // namespace

PollOutcome poll_mailbox(const PollTools& tools, const MailboxSchedule::Job& job,
                         ListedAgain& listed_again, const PollWatcher& watcher)
{
    PollOutcome outcome;
    outcome.totals = load_totals(tools.store, job.assignment.id);
    const auto began_at = tools.clock();
    const auto began = std::chrono::steady_clock::now();
    auto report = run_poll(tools, job, listed_again, watcher);
    keep_record(
        tools, job.assignment.id, began_at,
        std::chrono::round<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began),
        report);
    if (!report) {
        outcome.refusal = std::move(report).error();
        return outcome;
    }
    if (auto kept = keep_server_view(tools.store, job.assignment.id, *report, tools.clock());
        !kept) {
        report->add_note("what the server is cannot be remembered: " + kept.error().describe());
    }
    if (report->collected > 0) {
        outcome.totals.messages += report->collected;
        outcome.totals.octets += report->octets;
        const TwoNumbers now{outcome.totals.messages, outcome.totals.octets};
        if (auto stored = tools.store.put(totals_name(job.assignment.id), to_value(now)); !stored) {
            report->add_note("the totals cannot be stored: " + stored.error().describe());
        }
    }
    outcome.report = *std::move(report);
    return outcome;
}

} // namespace watchpost::collector
