// The turn of one poll: as long as nobody waits for its place it has no end.
//
// The service asks for the place back, the poll looks between two messages. With at least one
// message a turn every mailbox gets on, and with turn_messages_max and turn_time_max every other
// one gets its place. is_over() may be asked in another thread than the rest.
#pragma once

#include <algorithm>
#include <atomic>

#include "collector/places.h"
#include "collector/poll_report.h"

namespace watchpost::collector {

class Turn {
public:
    Turn(const PollLimits& limits, SteadyTime began) : limits_{limits}, began_{began} {}

    // These are the service's, from one thread at a time.
    void ask_back(SteadyTime now) noexcept
    {
        if (!is_asked_back_) {
            asked_back_at_ = now;
        }
        is_asked_back_ = true;
    }
    void leave_it() noexcept { is_asked_back_ = false; } // nobody waits for it any more
    [[nodiscard]] SteadyTime began() const noexcept { return began_; }

    /// It was asked back and holds on for another turn from then on: the server is slow.
    [[nodiscard]] bool is_overdue(SteadyTime now) const noexcept
    {
        return is_asked_back_ && now >= overdue_at();
    }
    [[nodiscard]] SteadyTime overdue_at() const noexcept
    {
        const auto turn = std::max(limits_.turn_time_max, std::chrono::seconds{pause_s_});
        return std::max(asked_back_at_, began_ + turn) + limits_.turn_time_max;
    }

    /// A server that wants pauses between log-ins gives fewer turns: they are as long as its
    /// pauses.
    [[nodiscard]] bool is_over(const PollReport& report, SteadyTime now) noexcept
    {
        const auto pause = report.link.capabilities.login_delay.value_or(std::chrono::seconds{});
        pause_s_ = pause.count();
        if (!is_asked_back_) {
            return false;
        }
        return now - began_ >= std::max(limits_.turn_time_max, pause) ||
               (pause.count() == 0 && report.fetched >= limits_.turn_messages_max);
    }

private:
    const PollLimits limits_;
    const SteadyTime began_;
    SteadyTime asked_back_at_{};
    std::atomic<bool> is_asked_back_{false};
    std::atomic<std::chrono::seconds::rep> pause_s_{0}; // that the server wants between log-ins
};

} // namespace watchpost::collector
