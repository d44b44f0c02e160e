#include "app/progress_line.h"

#include <unistd.h>

#include <cstdio>

namespace watchpost::app {

ProgressLine::ProgressLine() : is_terminal_{::isatty(STDERR_FILENO) == 1} {}

void ProgressLine::show(std::string_view text)
{
    const auto now = std::chrono::steady_clock::now();
    if (!is_terminal_ || now < next_) {
        return;
    }
    next_ = now + std::chrono::milliseconds{100};
    std::fprintf(stderr, "\r\x1b[K%.*s", static_cast<int>(text.size()), text.data());
    std::fflush(stderr);
    is_shown_ = true;
}

void ProgressLine::clear()
{
    if (is_shown_) {
        std::fputs("\r\x1b[K", stderr);
        std::fflush(stderr);
        is_shown_ = false;
    }
}

} // namespace watchpost::app
