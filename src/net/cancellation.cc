#include "net/stream.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace watchpost::net {

static_assert(std::atomic<bool>::is_always_lock_free); // else not for signal handlers

base::Result<std::unique_ptr<Cancellation>> Cancellation::make()
{
    const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0) {
        return base::fail(base::system_error("make an eventfd", errno));
    }
    return std::unique_ptr<Cancellation>{new Cancellation{fd}};
}

Cancellation::~Cancellation()
{
    ::close(fd_);
}

void Cancellation::cancel() noexcept
{
    const int saved_errno = errno; // may run in a signal handler
    cancelled_.store(true);
    // Nobody reads the counter, so that it stays readable. It can only fail when it is full, which
    // is as good as set.
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
    errno = saved_errno;
}

bool Cancellation::is_cancelled() const noexcept
{
    return cancelled_.load();
}

} // namespace watchpost::net
