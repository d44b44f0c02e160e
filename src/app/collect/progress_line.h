// A line on a terminal that tells how far a poll has come; nothing where standard error is none.
//
// Not thread-safe.
#pragma once

#include <chrono>

#include "collector/poll_report.h"

namespace watchpost::app {

class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    /// Redraws at most ten times a second.
    void show(const collector::PollReport& report);

    /// Gives the line back to what is printed next.
    void clear();

private:
    bool is_terminal_;
    bool is_shown_ = false;
    std::chrono::steady_clock::time_point next_{};
};

} // namespace watchpost::app
