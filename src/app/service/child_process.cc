#include "app/service/child_process.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "os/process.h"

namespace watchpost::app {

std::vector<std::string> run_as_arguments(const os::User& user)
{
    if (user == os::current_user()) {
        return {};
    }
    return {"--run-as", std::to_string(user.uid) + ":" + std::to_string(user.gid)};
}

base::Result<void> begin_child(const std::string& run_as)
{
    const pid_t parent = ::getppid();
    if (!run_as.empty()) {
        const auto user = os::find_user(run_as);
        if (!user) {
            return base::fail(user.error());
        }
        if (auto done = os::become(*user); !done) {
            return base::fail(std::move(done.error()).during("become user " + run_as));
        }
    }
    if (!os::die_with_parent() || ::getppid() != parent) { // it may have ended meanwhile
        return base::fail(base::ErrorCode::cancelled, base::Retry::never, "the supervisor ended");
    }
    return {};
}

base::Result<os::UniqueFd> stop_signals()
{
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGTERM);
    ::sigaddset(&set, SIGINT);
    if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) {
        return base::fail(base::system_error("block signals", errno));
    }
    os::UniqueFd fd{::signalfd(-1, &set, SFD_CLOEXEC)};
    if (!fd.is_open()) {
        return base::fail(base::system_error("make a signalfd", errno));
    }
    return fd;
}

void wait_until_readable(int fd) noexcept
{
    pollfd entry{fd, POLLIN, 0};
    while (::poll(&entry, 1, -1) < 0 && errno == EINTR) {
    }
}

} // namespace watchpost::app
