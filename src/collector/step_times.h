// How long each step of something took, and which of them failed. Not thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::collector {

struct StepTime {
    std::string step; // "log in"
    std::chrono::milliseconds duration{};
    bool has_failed = false;

    friend bool operator==(const StepTime&, const StepTime&) = default;
};

/// A step that comes several times, as in several links of one poll, is one whose times are added
/// up: what is shown is bounded by the number of names.
class StepTimes {
public:
    /// Ends the step under way, as one that worked, and begins another.
    void enter(std::string_view step);
    /// Ends the step under way, if there is one.
    void end();
    void fail();

    /// Adds those of another; its step under way counts as failed where `has_failed`.
    void add(StepTimes other, bool has_failed);

    /// In the order in which they began first.
    [[nodiscard]] const std::vector<StepTime>& all() const noexcept { return steps_; }

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] StepTime& find(std::string_view step);

    std::vector<StepTime> steps_;
    std::string current_; // empty: none
    Clock::time_point began_;
};

} // namespace watchpost::collector
