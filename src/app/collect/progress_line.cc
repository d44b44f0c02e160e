#include "app/collect/progress_line.h"

#include <unistd.h>

#include <cstdio>

namespace watchpost::app {

ProgressLine::ProgressLine() : is_terminal_{::isatty(STDERR_FILENO) == 1} {}

void ProgressLine::show(const collector::PollReport& report)
{
    const auto now = std::chrono::steady_clock::now();
    if (!is_terminal_ || now < next_) {
        return;
    }
    next_ = now + std::chrono::milliseconds{100};
    std::fprintf(stderr, "\r\x1b[K%llu of %llu messages",
                 static_cast<unsigned long long>(report.fetched),
                 static_cast<unsigned long long>(report.listed - report.known));
    std::fflush(stderr);
    is_shown_ = true;
}

void ProgressLine::clear()
{
    if (is_shown_) {
        std::fputs("\r\x1b[K", stderr);
        is_shown_ = false;
    }
}

} // namespace watchpost::app
