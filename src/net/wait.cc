#include "net/wait.h"

#include <array>
#include <cerrno>

namespace watchpost::net {

namespace {

base::Error time_is_over()
{
    return {base::ErrorCode::timed_out, base::Retry::later, "no answer in the time allowed"};
}

base::Error stopped()
{
    return {base::ErrorCode::cancelled, base::Retry::later, "stopped"};
}

} // namespace

base::Result<void> check_going_on(base::Deadline deadline, const Cancellation& cancellation)
{
    if (cancellation.is_cancelled()) {
        return base::fail(stopped());
    }
    if (std::chrono::steady_clock::now() >= deadline) {
        return base::fail(time_is_over());
    }
    return {};
}

base::Result<void> wait_for_any(std::span<pollfd> fds, base::Deadline deadline,
                                const Cancellation& cancellation)
{
    fds.back() = {.fd = cancellation.wait_fd(), .events = POLLIN, .revents = 0};
    for (;;) {
        const int ready = ::poll(fds.data(), fds.size(), base::milliseconds_until(deadline));
        if (ready < 0 && errno != EINTR) {
            return base::fail(base::system_error("wait for the network", errno));
        }
        if (ready > 0 && fds.back().revents == 0) {
            return {};
        }
        if (auto going_on = check_going_on(deadline, cancellation); !going_on) {
            return going_on;
        }
    }
}

base::Result<void> wait_for(int fd, short events, base::Deadline deadline,
                            const Cancellation& cancellation)
{
    std::array<pollfd, 2> fds{{{.fd = fd, .events = events, .revents = 0}, {}}};
    return wait_for_any(fds, deadline, cancellation);
}

} // namespace watchpost::net
