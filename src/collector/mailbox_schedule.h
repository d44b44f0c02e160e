// When one mailbox is polled, and what the console shows of it: the state machine of the service.
//
// Owns no clock, no thread and no random numbers: times and chances come from the caller. Times of
// the plan are those of the steady clock, so that a wall clock that is set cannot stop the polls.
// Not thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/time.h"
#include "collector/back_off.h"
#include "collector/integration.h"
#include "collector/mailbox_status.h"
#include "collector/places.h"
#include "collector/poll_report.h"
#include "collector/service_messages.h"

namespace watchpost::collector {

/// One moment on both clocks.
struct Moment {
    base::Instant wall;
    SteadyTime steady;
};

/// Messages and octets collected for a mailbox, over all runs.
struct Totals {
    std::uint64_t messages = 0;
    std::uint64_t octets = 0;
};

/// How a poll ended. Without a report it could not begin: only a person can change that.
struct PollOutcome {
    std::optional<PollReport> report;
    std::optional<base::Error> refusal;
    Totals totals;
};

class MailboxSchedule {
public:
    static constexpr std::chrono::seconds login_delay_max{86'400}; // more is not waited for
    static constexpr double jitter = 0.1; // of receive_every, to either side

    /// A maildrop that another session holds is no fault before that: the server may still hold the
    /// lock of a session of ours that a crash ended.
    static constexpr std::chrono::minutes in_use_patience{10};
    static constexpr std::chrono::milliseconds in_use_delay_max{std::chrono::minutes{2}};
    /// Where the server wants pauses without saying how long.
    static constexpr std::chrono::minutes unsaid_delay_min{2};
    static constexpr std::chrono::minutes unsaid_delay_max{30};
    /// What does not pass by itself is seldom tried; Apply and "Poll now" try at once.
    static constexpr std::chrono::milliseconds permanent_delay{std::chrono::hours{1}};
    /// What had no room alone: messages before it are inspected meanwhile.
    static constexpr std::chrono::milliseconds no_room_delay_max{std::chrono::minutes{1}};

    MailboxSchedule(const Totals& totals, const Moment& now);

    /// Takes effect at once, or where a poll is under way, at its end. The same again changes
    /// nothing.
    void apply(const Assignment& assignment, const Moment& now);
    /// The mailbox is gone: no further poll.
    void remove();

    /// Shown only: what the next polls fetch again.
    void show_fetch_again(const std::optional<FetchAgainStatus>& fetch_again);

    /// As soon as the server's LOGIN-DELAY allows; false where the mailbox cannot be polled.
    bool poll_now(const Moment& now);

    /// When the next poll is due; nullopt while one is under way, or where none is to come.
    [[nodiscard]] std::optional<SteadyTime> due() const;

    struct Job {
        Assignment assignment;
        Integration integration;
    };
    /// A poll begins; due() has passed.
    [[nodiscard]] Job begin();
    void progress(const PollReport& report);
    /// There is no room for messages: what is due waits for it. Both say whether that changed the
    /// status.
    bool pause(const std::string& reason);
    bool go_on();
    /// It has ended. `chance` in [0, 1) spreads the next one.
    void end(const PollOutcome& outcome, const Moment& now, double chance);

    [[nodiscard]] bool can_be_polled() const noexcept
    {
        return !is_removed_ && integration_ && integration_->is_enabled;
    }
    [[nodiscard]] bool is_polling() const noexcept { return is_polling_; }
    [[nodiscard]] bool is_removed() const noexcept { return is_removed_; }
    /// The mail server, as connections to it are counted; empty where there is none.
    [[nodiscard]] const std::string& server() const noexcept { return server_; }
    [[nodiscard]] Standing standing() const noexcept { return standing_; }
    /// It held its place too long for a poll like others.
    void doubt() noexcept { standing_ = Standing::doubtful; }
    [[nodiscard]] const std::string& name() const noexcept { return assignment_.name; }
    /// What the last poll warns of a certificate's end, where it is the first of its day to do so.
    [[nodiscard]] const std::string& new_certificate_warning() const noexcept
    {
        return new_certificate_warning_;
    }
    /// The same of the mailbox's own client secret and client certificate.
    [[nodiscard]] const std::string& new_expiry_warning() const noexcept
    {
        return new_expiry_warning_;
    }
    /// Likewise, of a policy of the server that does not go with the settings.
    [[nodiscard]] const std::string& new_policy_warning() const noexcept
    {
        return new_policy_warning_;
    }
    [[nodiscard]] const MailboxStatus& status() const noexcept { return status_; }

private:
    void take_over(const Assignment& assignment, const Moment& now);
    void note_report(const PollReport& report, const Moment& now);
    void note_failure(const PollReport& report, const Moment& now);
    void note_login_delay(const PollReport& report, const Moment& now);
    [[nodiscard]] bool seems_to_remove(const PollReport& report) const;
    [[nodiscard]] std::string policy_warning(const PollReport& report) const;
    [[nodiscard]] std::chrono::milliseconds pause_after(const PollReport& report, double chance);
    void note_expiry(const Moment& now);
    void plan(std::optional<SteadyTime> due, const Moment& now);

    Assignment assignment_;
    std::optional<Integration> integration_; // nullopt: cannot be used
    std::optional<Assignment> pending_;      // to be taken over at the end of the poll
    std::string server_;
    Standing standing_ = Standing::untried;
    bool is_polling_ = false;
    bool is_removed_ = false;
    bool is_asked_ = false; // poll_now() came during a poll
    BackOff back_off_;
    std::optional<SteadyTime> due_;
    SteadyTime not_before_;               // by the server's LOGIN-DELAY
    std::chrono::seconds unsaid_delay_{}; // what the server seems to want, having refused less
    std::optional<Moment> in_use_since_;
    std::optional<SteadyTime> certificate_warned_at_;
    std::string new_certificate_warning_;
    std::optional<SteadyTime> expiry_warned_at_;
    std::string new_expiry_warning_;
    std::string policy_warned_of_;
    std::string new_policy_warning_;
    MailboxStatus status_;
};

} // namespace watchpost::collector
