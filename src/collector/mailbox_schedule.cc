#include "collector/mailbox_schedule.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "collector/console_text.h"
#include "collector/expiry_warning.h"
#include "collector/server_view.h"
#include "crypto/sha256.h"

namespace watchpost::collector {

namespace {

/// What somebody should look at although the poll went to its end; empty: nothing. A certificate
/// that has changed alone: what is read since then may be of somebody in between.
std::string warning_of(const PollReport& report)
{
    if (const auto& change = report.unconfirmed_certificate) {
        return "the server's certificate has changed: its SHA-256 fingerprint was " +
               change->before + " and is " + change->now +
               "; compare it with the server's administrator, then press Apply";
    }
    std::string text;
    const auto add = [&](const std::string& what) { text += (text.empty() ? "" : "; ") + what; };
    for (const auto& note : report.notes) {
        add(note);
    }
    if (report.refused > 0) {
        add("the server refused to give out " + std::to_string(report.refused) +
            " messages; they are tried again at the next poll");
    }
    if (report.held_back > 0) {
        add(std::to_string(report.held_back) +
            " messages failed before and are tried again later; the others are not held up");
    }
    if (report.set_aside > 0) {
        add(std::to_string(report.set_aside) +
            (report.set_aside == 1 ? " message is" : " messages are") +
            " set aside, since the server could not give them out: look at \"Set aside\"");
    }
    if (report.cut_short > 0) {
        add(std::to_string(report.cut_short) +
            " messages came shorter than the server announced; they stay on the server");
    }
    if (report.delete_pending > 0) {
        add("the server did not confirm that " + std::to_string(report.delete_pending) +
            " messages are deleted; they are deleted again at the next poll");
    }
    return text;
}

bool is_same_source(const Integration& a, const Integration& b)
{
    return a.settings.server == b.settings.server && a.settings.user == b.settings.user;
}

} // namespace

MailboxSchedule::MailboxSchedule(const Totals& totals, const Moment& now) : not_before_{now.steady}
{
    status_.messages_total = totals.messages;
    status_.octets_total = totals.octets;
}

void MailboxSchedule::apply(const Assignment& assignment, const Moment& now)
{
    is_removed_ = false;
    if (is_polling_) {
        pending_ = assignment == assignment_ ? std::nullopt : std::optional{assignment};
    } else if (assignment != assignment_) {
        take_over(assignment, now);
    }
}

void MailboxSchedule::take_over(const Assignment& assignment, const Moment& now)
{
    auto read = parse_integration(assignment.settings_json);
    if (!read || !integration_ || !is_same_source(*integration_, *read)) {
        not_before_ = now.steady;
    }
    assignment_ = assignment;
    integration_ = read ? std::optional{*read} : std::nullopt;
    server_ = read ? server_id(read->settings.server, read->settings.port) : "";
    standing_ = Standing::untried;
    back_off_.after_success();
    unsaid_delay_ = {};
    in_use_since_.reset();
    is_asked_ = false;
    status_.last_error = read ? "" : to_console_text(read.error());
    if (!read) {
        status_.state = MailboxState::error;
        plan(std::nullopt, now);
    } else if (!read->is_enabled) {
        status_.state = MailboxState::disabled;
        plan(std::nullopt, now);
    } else {
        status_.state = MailboxState::waiting;
        plan(now.steady, now);
    }
}

void MailboxSchedule::remove()
{
    is_removed_ = true;
    pending_.reset();
    due_.reset();
    assignment_.version = 0; // whatever comes under this id later is another one
}

void MailboxSchedule::show_fetch_again(const std::optional<FetchAgainStatus>& fetch_again)
{
    status_.fetch_again = fetch_again;
}

bool MailboxSchedule::poll_now(const Moment& now)
{
    if (!can_be_polled()) {
        return false;
    }
    if (is_polling_) {
        is_asked_ = true;
    } else {
        plan(due_ ? std::min(*due_, now.steady) : now.steady, now); // who waits keeps his place
    }
    return true;
}

std::optional<SteadyTime> MailboxSchedule::due() const
{
    return is_polling_ ? std::nullopt : due_;
}

MailboxSchedule::Job MailboxSchedule::begin()
{
    WP_ASSERT(due() && integration_);
    is_polling_ = true;
    due_.reset();
    status_.state = MailboxState::polling;
    status_.next_poll_at.reset();
    status_.messages_last_poll = 0;
    return {.assignment = assignment_, .integration = *integration_};
}

bool MailboxSchedule::pause(const std::string& reason)
{
    if (is_polling_ || (status_.state == MailboxState::paused && status_.last_error == reason)) {
        return false;
    }
    status_.state = MailboxState::paused;
    status_.last_error = reason;
    return true;
}

bool MailboxSchedule::go_on()
{
    if (is_polling_ || status_.state != MailboxState::paused) {
        return false;
    }
    status_.state = MailboxState::waiting;
    status_.last_error.clear();
    return true;
}

void MailboxSchedule::progress(const PollReport& report)
{
    status_.messages_last_poll = report.fetched;
}

void MailboxSchedule::end(const PollOutcome& outcome, const Moment& now, double chance)
{
    is_polling_ = false;
    status_.last_poll_at = now.wall;
    status_.messages_total = outcome.totals.messages;
    status_.octets_total = outcome.totals.octets;
    if (outcome.report) {
        note_report(*outcome.report, now);
        note_expiry(now);
        const auto pause = pause_after(*outcome.report, chance);
        const bool is_next_soon =
            std::exchange(is_asked_, false) || outcome.report->has_given_place_up;
        plan(now.steady + (is_next_soon ? std::chrono::milliseconds{} : pause), now);
    } else {
        status_.state = MailboxState::error;
        status_.last_error =
            outcome.refusal ? to_console_text(*outcome.refusal) : "the poll could not begin";
        plan(std::nullopt, now);
    }
    if (is_removed_) {
        plan(std::nullopt, now);
    } else if (pending_) {
        take_over(*std::exchange(pending_, std::nullopt), now);
    }
}

void MailboxSchedule::note_report(const PollReport& report, const Moment& now)
{
    new_certificate_warning_.clear();
    new_policy_warning_.clear();
    const bool has_room = !report.error || report.error->code() != base::ErrorCode::disk_full;
    standing_ = report.error && has_room ? Standing::doubtful : Standing::good;
    status_.messages_last_poll = report.collected + report.fetched_again;
    status_.fetch_again = report.fetch_again;
    if (report.has_logged_in) {
        status_.left_on_server = report.listed - std::min(report.listed, report.deleted);
        const auto& tls = report.link.tls;
        status_.tls = report.link.is_encrypted ? tls.version + " " + tls.cipher : "";
        status_.certificate_fingerprint =
            tls.chain.empty() ? "" : crypto::to_hex(tls.chain.front().fingerprint);
    }
    note_login_delay(report, now);
    if (report.error) {
        note_failure(report, now);
        return;
    }
    in_use_since_.reset();
    status_.last_success_at = now.wall;
    const auto policy = policy_warning(report);
    const auto others = warning_of(report);
    status_.last_error = policy + (policy.empty() || others.empty() ? "" : "; ") + others;
    new_policy_warning_ = policy == policy_warned_of_ ? "" : policy; // told once
    policy_warned_of_ = policy;
    if (const auto ends = certificate_warning(report, now.wall); !ends.empty()) {
        status_.last_error += (status_.last_error.empty() ? "" : "; ") + ends;
        if (!certificate_warned_at_ ||
            now.steady - *certificate_warned_at_ >= std::chrono::days{1}) {
            certificate_warned_at_ = now.steady;
            new_certificate_warning_ = ends;
        }
    }
    status_.state = status_.last_error.empty() ? MailboxState::ok : MailboxState::warning;
}

/// Also where the poll failed: it may be why.
void MailboxSchedule::note_expiry(const Moment& now)
{
    new_expiry_warning_.clear();
    const auto ends = expiry_warning(integration_->settings, now.wall);
    if (ends.empty()) {
        expiry_warned_at_.reset();
        return;
    }
    status_.last_error += (status_.last_error.empty() ? "" : "; ") + ends;
    status_.state = status_.state == MailboxState::ok ? MailboxState::warning : status_.state;
    if (!expiry_warned_at_ || now.steady - *expiry_warned_at_ >= std::chrono::days{1}) {
        expiry_warned_at_ = now.steady;
        new_expiry_warning_ = ends;
    }
}

/// What the server announces, or has shown to want: the next log-in is no sooner.
void MailboxSchedule::note_login_delay(const PollReport& report, const Moment& now)
{
    const auto announced = report.link.capabilities.login_delay.value_or(std::chrono::seconds{});
    const bool was_too_soon = report.error && report.link.trouble == pop3::Trouble::login_delay;
    if (was_too_soon && announced <= integration_->receive_every) {
        unsaid_delay_ = std::clamp<std::chrono::seconds>(
            2 * std::max(unsaid_delay_, integration_->receive_every), unsaid_delay_min,
            unsaid_delay_max);
    }
    if (report.has_logged_in || was_too_soon) {
        const auto delay = std::max(std::min(announced, login_delay_max), unsaid_delay_);
        not_before_ = now.steady + delay;
    }
}

/// Who has to wait is told so; an error is what somebody should look at.
void MailboxSchedule::note_failure(const PollReport& report, const Moment& now)
{
    status_.state = MailboxState::error;
    status_.last_error = to_console_text(*report.error);
    if (report.link.trouble != pop3::Trouble::in_use) {
        in_use_since_.reset();
    }
    if (report.link.trouble == pop3::Trouble::in_use) {
        in_use_since_ = in_use_since_.value_or(now);
        const bool is_new = now.steady - in_use_since_->steady < in_use_patience;
        status_.state = is_new ? MailboxState::warning : MailboxState::error;
        status_.last_error += "; in use since " + base::to_rfc3339(in_use_since_->wall);
        if (is_new) {
            status_.last_error += ", which also follows for some minutes from a session of ours "
                                  "that was cut off; it is tried again by itself";
        }
    } else if (report.error->code() == base::ErrorCode::disk_full) {
        status_.state = MailboxState::paused;
    } else if (report.link.trouble == pop3::Trouble::login_delay) {
        status_.state = MailboxState::warning;
        status_.last_error += "; the next log-in waits for it";
    }
}

/// EXPIRE 0 is a warning where it seems to be true: something was fetched and nothing of before is
/// listed. Gmail announces it to everybody and removes nothing by itself (what becomes of fetched
/// mail is a setting of the account there); it also hides what was fetched, so that only its name
/// tells.
bool MailboxSchedule::seems_to_remove(const PollReport& report) const
{
    const auto& lines = report.link.capabilities.lines;
    const bool is_gmail = std::ranges::find(lines, "X-GOOGLE-RICO") != lines.end();
    return integration_->settings.after_retrieval == AfterRetrieval::leave_on_server && !is_gmail &&
           report.known == 0 && report.fetched_again == 0 && report.collected > 0;
}

/// The server's own policies, where they do not go with the settings.
std::string MailboxSchedule::policy_warning(const PollReport& report) const
{
    const auto& expire = report.link.capabilities.expire;
    const auto every = std::max(
        {integration_->receive_every,
         report.link.capabilities.login_delay.value_or(std::chrono::seconds{}), unsaid_delay_});
    if (!expire || (expire->count() > 0 && *expire > every)) {
        return "";
    }
    if (expire->count() == 0) {
        return seems_to_remove(report)
                   ? "the server says that it removes what was fetched (EXPIRE 0), although the "
                     "mailbox is set to leave messages there, and nothing that was fetched "
                     "before is listed any more: look whether others still find their mail there"
                   : "";
    }
    return "the server removes messages after " + std::to_string(expire->count()) +
           (expire->count() == 1 ? " day" : " days") +
           " (EXPIRE), which is no longer than the time between two polls: messages can be lost "
           "before they are collected; lower \"Receive every\"";
}

std::chrono::milliseconds MailboxSchedule::pause_after(const PollReport& report, double chance)
{
    if (report.error) {
        const auto pause = back_off_.after_failure(chance);
        if (report.error->code() == base::ErrorCode::disk_full) {
            return std::min(pause, no_room_delay_max);
        }
        switch (report.link.trouble) {
        case pop3::Trouble::in_use: // the lock may go at any moment
            return std::min(pause, in_use_delay_max);
        case pop3::Trouble::permanent:
            return std::max(pause, permanent_delay);
        case pop3::Trouble::none:
        case pop3::Trouble::login_delay: // not_before_ says when
        case pop3::Trouble::temporary:
        case pop3::Trouble::credentials: // the poll itself counts them
        case pop3::Trouble::other:
            return pause;
        }
    }
    back_off_.after_success();
    unsaid_delay_ /= 2; // what it wanted once it need not want for ever
    const std::chrono::milliseconds every = integration_->receive_every;
    const double factor = 1.0 - jitter + 2 * jitter * std::clamp(chance, 0.0, 1.0);
    return std::chrono::milliseconds{
        static_cast<std::chrono::milliseconds::rep>(static_cast<double>(every.count()) * factor)};
}

void MailboxSchedule::plan(std::optional<SteadyTime> due, const Moment& now)
{
    due_ = due ? std::optional{std::max(*due, not_before_)} : std::nullopt;
    status_.next_poll_at.reset();
    if (due_) {
        status_.next_poll_at =
            now.wall + std::chrono::duration_cast<std::chrono::microseconds>(*due_ - now.steady);
    }
}

} // namespace watchpost::collector
