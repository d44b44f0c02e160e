#include "node/supervisor.h"

#include <poll.h>

#include <algorithm>
#include <ranges>
#include <utility>

#include "os/wait.h"

namespace watchpost::node {
namespace {

using std::chrono::steady_clock;

} // namespace

std::string_view to_string(ChildState state) noexcept
{
    switch (state) {
    case ChildState::running:
        return "running";
    case ChildState::restarting:
        return "restarting";
    case ChildState::stopped:
        return "stopped";
    }
    return "stopped";
}

Supervisor::Supervisor(std::vector<ChildPlan> children, const diag::Log& log, OnChange on_change)
    : log_{log}
    , on_change_{std::move(on_change)}
{
    for (auto& plan : children) {
        Child child;
        child.status.name = plan.name;
        child.plan = std::move(plan);
        children_.push_back(std::move(child));
    }
}

int Supervisor::run(int stop_fd)
{
    int code = 0;
    while (!os::wait_until_readable(stop_fd, base::Deadline::min())) {
        start_due();
        wait_for_events(stop_fd);
        if (!reap()) {
            code = exit_refused;
            break;
        }
    }
    log_.write("supervisor.stopping", {{"reason", code == 0 ? "asked to" : "a process refused"}});
    stop_all();
    return code;
}

void Supervisor::start_due()
{
    const auto now = steady_clock::now();
    for (Child& child : children_) {
        if (!child.process && child.next_start <= now) {
            start(child);
        }
    }
}

void Supervisor::start(Child& child)
{
    child.started = steady_clock::now();
    child.status.since = base::now();
    auto process = os::Process::spawn(child.plan.request);
    if (!process) {
        static_cast<void>(note_end(child, os::ExitStatus{false, 127}));
        return;
    }
    child.status.pid = process->pid();
    child.status.state = ChildState::running;
    child.process = std::move(*process);
    log_.write("supervisor.child_started",
               {{"name", child.plan.name}, {"pid", std::to_string(child.status.pid)}});
    tell();
}

bool Supervisor::note_end(Child& child, const os::ExitStatus& status)
{
    child.process.reset();
    child.status.pid = 0;
    child.status.since = base::now();
    child.status.last_exit = status.describe();
    const bool is_start = child.status.restarts == 0 &&
                          steady_clock::now() - child.started < RestartPolicy::quiet_time;
    if (is_start && !status.by_signal && status.value == exit_refused) {
        child.status.state = ChildState::stopped;
        log_.write("supervisor.child_refused",
                   {{"name", child.plan.name}, {"end", child.status.last_exit}});
        return false;
    }
    const auto now = steady_clock::now();
    const auto pause = child.policy.next_pause(child.started, now);
    child.next_start = now + pause;
    child.status.state = ChildState::restarting;
    ++child.status.restarts;
    log_.write("supervisor.child_ended",
               {{"name", child.plan.name},
                {"end", child.status.last_exit},
                {"pause_ms", std::to_string(std::chrono::milliseconds{pause}.count())}});
    tell();
    return true;
}

bool Supervisor::reap()
{
    bool may_go_on = true;
    for (Child& child : children_) {
        if (!child.process) {
            continue;
        }
        if (const auto status = child.process->wait(base::Deadline::min())) {
            may_go_on = note_end(child, *status) && may_go_on;
        }
    }
    return may_go_on;
}

void Supervisor::wait_for_events(int stop_fd) const
{
    std::vector<pollfd> entries{{stop_fd, POLLIN, 0}};
    auto until = base::Deadline::max();
    for (const Child& child : children_) {
        if (child.process) {
            entries.push_back({child.process->wait_fd(), POLLIN, 0});
        } else {
            until = std::min(until, child.next_start);
        }
    }
    ::poll(entries.data(), entries.size(), base::milliseconds_until(until));
}

/// Those that were started last use the others, so they go first. All but the first at once.
void Supervisor::stop_all()
{
    const auto end = [](Child& child, base::Deadline deadline) {
        if (child.process && !child.process->wait(deadline)) {
            child.process->kill();
        }
        child.process.reset(); // waits
        child.status.state = ChildState::stopped;
        child.status.pid = 0;
    };
    for (Child& child : children_ | std::views::drop(1)) {
        if (child.process) {
            child.process->terminate();
        }
    }
    const auto deadline = steady_clock::now() + end_time_max;
    for (Child& child : children_ | std::views::drop(1) | std::views::reverse) {
        end(child, deadline);
    }
    if (!children_.empty() && children_.front().process) {
        children_.front().process->terminate();
        end(children_.front(), steady_clock::now() + end_time_max);
    }
}

void Supervisor::tell() const
{
    if (!on_change_) {
        return;
    }
    std::vector<ChildStatus> all;
    all.reserve(children_.size());
    for (const Child& child : children_) {
        all.push_back(child.status);
    }
    on_change_(all);
}

} // namespace watchpost::node
