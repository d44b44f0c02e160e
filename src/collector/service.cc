#include "collector/service.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/assert.h"
#include "collector/connection_test.h"
#include "collector/login_memory.h"
#include "collector/login_pause.h"
#include "collector/mailbox_states.h"
#include "collector/server_view.h"
#include "collector/stuck_messages.h"

namespace watchpost::collector {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

constexpr std::string_view test_memory_name = "connection-test";

base::Error test_pause(const MailboxSettings& settings, base::Instant next_try)
{
    return base::Error{ErrorCode::busy, Retry::later,
                       describe_login_pause(settings, next_try) + ", another " +
                           judged_by(settings) + " at once"};
}

} // namespace

Service::Service(Surroundings surroundings) : around_{std::move(surroundings)}
{
    if (!around_.start) {
        const auto places = around_.limits.connections_max;
        threads_ = std::make_unique<os::WorkerPool>(places, places);
        around_.start = [this](std::function<void()> work) { WP_ASSERT(threads_->post(work)); };
    }
}

Service::~Service()
{
    stop();
}

void Service::set_mailboxes(const std::vector<Assignment>& assignments)
{
    const std::lock_guard held{lock_};
    const Moment now = around_.clock();
    std::set<std::string, std::less<>> named;
    for (const auto& assignment : assignments) {
        named.insert(assignment.id);
        auto found = mailboxes_.find(assignment.id);
        if (found == mailboxes_.end()) {
            found =
                mailboxes_
                    .emplace(assignment.id,
                             MailboxSchedule{load_totals(around_.tools.store, assignment.id), now})
                    .first;
        }
        found->second.apply(assignment, now);
        found->second.show_fetch_again(fetch_again_status(around_.tools.store, assignment.id));
        tell(assignment.id, found->second);
    }
    for (auto& [id, schedule] : mailboxes_) {
        if (!named.contains(id)) {
            schedule.remove();
        }
    }
    std::erase_if(mailboxes_, [this](const auto& row) {
        const bool is_gone = row.second.is_removed() && !row.second.is_polling();
        if (is_gone) {
            forget(row.first);
        }
        return is_gone;
    });
    forget_states(); // also of those that went while nobody was here
    has_changed_ = true;
    changed_.notify_all();
}

namespace {

base::Error cannot_be_polled()
{
    return base::Error{ErrorCode::invalid_argument, Retry::never,
                       "the mailbox is disabled or its settings cannot be used: enable it and "
                       "press Apply"};
}

base::Failure no_such_mailbox()
{
    return base::fail(ErrorCode::not_found, Retry::never, "no such mailbox");
}

} // namespace

bool Service::has(const std::string& mailbox) const
{
    const auto found = mailboxes_.find(mailbox);
    return found != mailboxes_.end() && !found->second.is_removed();
}

Result<PollList> Service::polls(const std::string& mailbox) const
{
    const std::lock_guard held{lock_};
    if (!has(mailbox)) {
        return no_such_mailbox();
    }
    return PollHistory{around_.tools.store, mailbox}.load();
}

Result<std::string> Service::server(const std::string& mailbox) const
{
    const std::lock_guard held{lock_};
    if (!has(mailbox)) {
        return no_such_mailbox();
    }
    return load_server_view(around_.tools.store, mailbox);
}

Result<std::vector<StuckMessage>> Service::stuck_messages(const std::string& mailbox) const
{
    const std::lock_guard held{lock_};
    if (!has(mailbox)) {
        return no_such_mailbox();
    }
    return StuckMessages{around_.tools.store, mailbox}.blamed();
}

/// While a poll is under way, the record of what fails is its own: then at its end.
Result<void> Service::try_again(const TryAgain& request)
{
    const std::lock_guard held{lock_};
    if (!has(request.mailbox)) {
        return no_such_mailbox();
    }
    if (mailboxes_.at(request.mailbox).is_polling()) {
        requests_[request.mailbox].push_back(request);
    } else if (auto done =
                   StuckMessages{around_.tools.store, request.mailbox}.start_anew(request.marks);
               !done) {
        return done;
    }
    return poll_soon(request.mailbox);
}

/// A poll that is under way takes it over with its next session, or the next poll does.
Result<void> Service::fetch_again(const FetchAgainCall& request)
{
    const std::lock_guard held{lock_};
    if (!has(request.mailbox)) {
        return no_such_mailbox();
    }
    auto& schedule = mailboxes_.at(request.mailbox);
    const bool ends = request.wish.which == FetchAgainWish::Which::none;
    if (!ends && !schedule.can_be_polled()) {
        return base::fail(cannot_be_polled());
    }
    auto& store = around_.tools.store;
    if (ends && !fetch_again_status(store, request.mailbox)) {
        return {};
    }
    if (auto asked = ask_to_fetch_again(store, request.mailbox, request.wish, around_.clock().wall);
        !asked) {
        return asked;
    }
    schedule.show_fetch_again(fetch_again_status(store, request.mailbox));
    tell(request.mailbox, schedule);
    return ends && !schedule.can_be_polled() ? Result<void>{} : poll_soon(request.mailbox);
}

void Service::take_over_requests(const std::string& mailbox)
{
    const auto found = requests_.find(mailbox);
    if (found == requests_.end()) {
        return;
    }
    for (const auto& request : found->second) {
        if (auto done = StuckMessages{around_.tools.store, mailbox}.start_anew(request.marks);
            !done) {
            around_.log.write("collector.state_not_stored", {{"error", done.error().describe()}});
        }
    }
    requests_.erase(found);
}

Result<void> Service::poll_now(const std::string& mailbox)
{
    const std::lock_guard held{lock_};
    return poll_soon(mailbox);
}

Result<void> Service::poll_soon(const std::string& mailbox)
{
    const auto found = mailboxes_.find(mailbox);
    if (!has(mailbox)) {
        return no_such_mailbox();
    }
    if (!found->second.poll_now(around_.clock())) {
        return base::fail(cannot_be_polled());
    }
    tell(mailbox, found->second);
    has_changed_ = true;
    changed_.notify_all();
    return {};
}

TestReport Service::test_connection(const TestRequest& request)
{
    const auto integration = parse_integration(request.settings_json);
    if (!integration) {
        return report_not_tried("resolve", integration.error());
    }
    auto settings = integration->settings;
    const auto login =
        open_login(around_.tools.key, settings, request.settings_json, request.sealed_password);
    if (!login) {
        return report_not_tried("log_in", login.error());
    }
    const auto transport = around_.tools.make_transport(settings);
    if (!transport) {
        return report_not_tried("tls", transport.error());
    }
    LoginMemory memory{around_.tools.store, test_memory_name, settings.server, login->credentials};
    LoginLimiter limiter = memory.load();
    const auto now = around_.tools.clock();
    if (limiter.refusals_left(now) == 0) {
        return report_not_tried("log_in", test_pause(settings, limiter.next_try(now)));
    }
    auto tokens = make_token_login(around_.tools, settings, *login);
    const auto test =
        collector::test_connection(**transport, settings, login->credentials, around_.tools.limits,
                                   limiter.refusals_left(now), tokens ? &*tokens : nullptr);
    auto report = report_steps(test, *integration);
    if (test.refusals() > 0 && test.error) {
        limiter.note_refusals(test.refusals(), now);
        if (const auto saved = memory.save(limiter); !saved) {
            around_.log.write("collector.state_not_stored", {{"error", saved.error().describe()}});
        }
    }
    return report;
}

void Service::forget(const std::string& mailbox)
{
    listed_again_.erase(mailbox);
    if (around_.tools.tokens == nullptr) {
        return;
    }
    if (auto let_go = around_.tools.tokens->hold(mailbox, nullptr); !let_go) {
        around_.log.write("collector.state_not_stored", {{"error", let_go.error().describe()}});
    }
}

void Service::forget_states()
{
    const auto forgotten =
        forget_states_of_others(around_.tools.store, [this](std::string_view mailbox) {
            return mailbox == test_memory_name || mailboxes_.contains(mailbox);
        });
    if (!forgotten) {
        around_.log.write("collector.state_not_stored", {{"error", forgotten.error().describe()}});
    }
}

std::vector<StatusOfMailbox> Service::statuses() const
{
    const std::lock_guard held{lock_};
    std::vector<StatusOfMailbox> all;
    for (const auto& [id, schedule] : mailboxes_) {
        if (!schedule.is_removed()) {
            all.push_back({.mailbox = id, .status = schedule.status()});
        }
    }
    return all;
}

std::optional<SteadyTime> Service::tick()
{
    const std::lock_guard held{lock_};
    return start_due();
}

void Service::show_progress(const std::string& mailbox, const PollReport& report)
{
    const std::lock_guard held{lock_};
    auto& schedule = mailboxes_.at(mailbox);
    schedule.progress(report);
    tell(mailbox, schedule);
}

void Service::finish_poll(const std::string& mailbox, const PollOutcome& outcome)
{
    const std::lock_guard held{lock_};
    auto found = mailboxes_.find(mailbox);
    WP_ASSERT(found != mailboxes_.end()); // kept while it is polled
    take_over_requests(mailbox);
    const auto now = around_.clock();
    const auto running = running_.extract(mailbox);
    found->second.end(outcome, now, around_.chance());
    if (running.mapped().turn->is_overdue(now.steady)) {
        found->second.doubt();
    }
    places_.give_back(running.mapped().wish);
    log_outcome(found->second, outcome);
    if (found->second.is_removed()) {
        forget(mailbox);
        mailboxes_.erase(found);
        forget_states();
    } else {
        tell(mailbox, found->second);
    }
    has_changed_ = true;
    changed_.notify_all();
}

void Service::tell(const std::string& mailbox, const MailboxSchedule& schedule) const
{
    if (!schedule.is_removed()) {
        around_.on_status({.mailbox = mailbox, .status = schedule.status()});
    }
}

void Service::run()
{
    std::unique_lock held{lock_};
    while (!stops_) {
        has_changed_ = false;
        const auto wake = start_due();
        const auto is_woken = [this] { return has_changed_ || stops_; };
        if (wake) {
            changed_.wait_until(held, *wake, is_woken);
        } else {
            changed_.wait(held, is_woken);
        }
    }
    changed_.wait(held, [this] { return running_.empty(); });
}

void Service::stop()
{
    const std::lock_guard held{lock_};
    stops_ = true;
    changed_.notify_all();
}

} // namespace watchpost::collector
