#include "app/service/child_process.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "node/confinement.h"
#include "os/process.h"

namespace watchpost::app {

std::vector<std::string> run_as_arguments(const os::User& user)
{
    if (user == os::current_user()) {
        return {};
    }
    return {"--run-as", std::to_string(user.uid) + ":" + std::to_string(user.gid)};
}

namespace {

base::Result<void> become(const std::string& run_as)
{
    if (run_as.empty()) {
        return {};
    }
    return os::find_user(run_as).and_then(os::become).map_error([&](base::Error error) {
        return std::move(error).during("become user " + run_as);
    });
}

/// They hold passwords, sessions, mail: no core dump and no other process of the user may see them.
base::Result<void> forbid_looking_in()
{
    const rlimit none{0, 0};
    if (::setrlimit(RLIMIT_CORE, &none) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return base::fail(base::system_error("forbid core dumps and new privileges", errno));
    }
    return {};
}

} // namespace

void declare(CLI::App& cli, ChildOptions& options)
{
    cli.add_option("--run-as", options.run_as, "UID:GID");
    cli.add_option("--state", options.state, "State folder")->required();
}

base::Result<BegunChild> begin_child(std::string_view process, const ChildOptions& options)
{
    auto stop = stop_signals();
    if (!stop) {
        return base::fail(std::move(stop.error()));
    }
    const pid_t parent = ::getppid();
    if (auto became = become(options.run_as); !became) {
        return base::fail(std::move(became.error()));
    }
    if (!os::die_with_parent() || ::getppid() != parent) { // it may have ended meanwhile
        return base::fail(base::ErrorCode::cancelled, base::Retry::never, "the supervisor ended");
    }
    if (auto forbidden = forbid_looking_in(); !forbidden) {
        return base::fail(std::move(forbidden.error()));
    }
    const node::StateFolder state{options.state};
    auto confined = os::confine(node::confinement_of(process, state));
    if (!confined) {
        return base::fail(std::move(confined.error()).during("confine the process"));
    }
    return BegunChild{*std::move(stop), *std::move(confined)};
}

std::vector<std::string> confinement_warnings(const std::vector<os::Measure>& measures)
{
    std::vector<std::string> warnings;
    for (const auto& measure : measures) {
        if (measure.state != os::Measure::State::in_force) {
            warnings.push_back(
                "The processes are confined only in part: " + measure.name + " is " +
                os::to_string(measure.state) + " (" + measure.detail +
                "). What is left holds; `watchpost processes` shows how it is with inspectors.");
        }
    }
    return warnings;
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

} // namespace watchpost::app
