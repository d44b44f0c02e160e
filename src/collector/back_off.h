// How long to wait after a poll that failed: twice as long each time, up to a limit, with jitter so
// that many mailboxes of one server do not come back at once.
//
// Owns no clock and no random numbers: both come from the caller. Not thread-safe.
#pragma once

#include <chrono>

namespace watchpost::collector {

class BackOff {
public:
    using Delay = std::chrono::milliseconds;

    struct Limits {
        Delay delay_min{5'000};
        Delay delay_max{std::chrono::minutes{15}};
    };

    BackOff() = default;
    explicit BackOff(Limits limits) : limits_{limits} {}

    /// The wait before the next try. `chance` in [0, 1) picks a time in the upper half of the span:
    /// never hammering, never in step.
    [[nodiscard]] Delay after_failure(double chance);

    void after_success() noexcept { failures_ = 0; }

    [[nodiscard]] unsigned failures() const noexcept { return failures_; }

private:
    Limits limits_;
    unsigned failures_ = 0;
};

} // namespace watchpost::collector
