// A line on a terminal that tells how far a long command has come; nothing where standard error is
// none.
//
// Not thread-safe.
#pragma once

#include <chrono>
#include <string_view>

namespace watchpost::app {

class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    /// Redraws at most ten times a second. `text` is ours: nothing in it comes from outside.
    void show(std::string_view text);

    /// Gives the line back to what is printed next.
    void clear();

private:
    bool is_terminal_;
    bool is_shown_ = false;
    std::chrono::steady_clock::time_point next_{};
};

} // namespace watchpost::app
