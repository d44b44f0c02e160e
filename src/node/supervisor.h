// Starts the processes of the service, starts again what ends, and ends all of them in order.
//
// A child that exits with exit_refused at its first start cannot work until somebody changes
// something (a corrupt store, a taken port): then the whole service ends with that code, since the
// child has said why. Later it is an end like any other: what has worked may work again.
// Confined to one thread, which must live as long as the children (os::die_with_parent).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "diag/log.h"
#include "node/restart_policy.h"
#include "os/process.h"

namespace watchpost::node {

inline constexpr int exit_refused = 78; // EX_CONFIG of sysexits.h

struct ChildPlan {
    std::string name; // of the process table
    os::SpawnRequest request;
};

enum class ChildState : std::uint8_t { running, restarting, stopped };

/// "running", "restarting", "stopped".
[[nodiscard]] std::string_view to_string(ChildState state) noexcept;

struct ChildStatus {
    std::string name;
    int pid = 0; // 0: none now
    ChildState state = ChildState::stopped;
    std::uint32_t restarts = 0;
    base::Instant since{};
    std::string last_exit; // "signal 11 (Segmentation fault)"; empty: it has not ended yet
};

class Supervisor {
public:
    using OnChange = std::function<void(const std::vector<ChildStatus>& children)>;

    static constexpr std::chrono::seconds end_time_max{20}; // of SIGTERM, then SIGKILL

    /// `children` are started in this order and ended in the reverse one. `on_change` is called by
    /// run().
    Supervisor(std::vector<ChildPlan> children, const diag::Log& log, OnChange on_change);

    /// Until `stop_fd` is readable, then 0; or until a child refuses, then exit_refused.
    [[nodiscard]] int run(int stop_fd);

private:
    struct Child {
        ChildPlan plan;
        ChildStatus status;
        std::optional<os::Process> process;
        RestartPolicy policy;
        base::Deadline started{};
        base::Deadline next_start{};
    };

    void start_due();
    void start(Child& child);
    /// False where it refuses to work.
    [[nodiscard]] bool note_end(Child& child, const os::ExitStatus& status);
    [[nodiscard]] bool reap();
    void wait_for_events(int stop_fd) const;
    void stop_all();
    void tell() const;

    std::vector<Child> children_;
    const diag::Log& log_;
    OnChange on_change_;
};

} // namespace watchpost::node
