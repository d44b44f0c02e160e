// The turn of one poll: as long as nobody waits for its place it has no end.
//
// The service asks for the place back, the poll looks between two messages. With at least one
// message a turn every mailbox gets on, and with turn_messages_max and turn_time_max every other
// one gets its place. Thread-safe.
#pragma once

#include <algorithm>
#include <atomic>

#include "collector/places.h"
#include "collector/poll_report.h"

namespace watchpost::collector {

class Turn {
public:
    Turn(const PollLimits& limits, SteadyTime began) : limits_{limits}, began_{began} {}

    void ask_back() noexcept { is_asked_back_ = true; }
    void leave_it() noexcept { is_asked_back_ = false; } // nobody waits for it any more

    [[nodiscard]] SteadyTime began() const noexcept { return began_; }

    /// A server that wants pauses between log-ins gives fewer turns: they are as long as its
    /// pauses.
    [[nodiscard]] bool is_over(const PollReport& report, SteadyTime now) const noexcept
    {
        if (!is_asked_back_) {
            return false;
        }
        const auto pause = report.link.capabilities.login_delay.value_or(std::chrono::seconds{});
        return now - began_ >= std::max(limits_.turn_time_max, pause) ||
               (pause.count() == 0 && report.fetched >= limits_.turn_messages_max);
    }

    /// It was asked back and held on for another turn and more: the server is slow.
    [[nodiscard]] bool has_overrun(SteadyTime now) const noexcept
    {
        return is_asked_back_ && now - began_ >= 2 * limits_.turn_time_max;
    }

private:
    const PollLimits limits_;
    const SteadyTime began_;
    std::atomic<bool> is_asked_back_{false};
};

} // namespace watchpost::collector
