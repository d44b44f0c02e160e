// A child process that we start, watch and end by its pidfd, so that a reused process id is never
// hit. The child runs a program afresh: no memory, no descriptor and no environment of ours beyond
// what is given. Not thread-safe; spawn() may be called from a program with threads.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "os/unique_fd.h"

namespace watchpost::os {

/// How a process ended.
struct ExitStatus {
    bool by_signal = false;
    int value = 0; // exit code (-1: unknown) or signal number

    /// "exit code 2", "signal 11 (Segmentation fault)".
    [[nodiscard]] std::string describe() const;
};

struct SpawnRequest {
    std::string program; // a path
    std::vector<std::string> arguments;
    std::vector<std::string> environment; // all of it, "NAME=value"
    /// The child's descriptors 0, 1, 2 …, in order; -1 stands for /dev/null. It has no others.
    std::vector<int> fds;
};

/// A program by its open descriptor, so that nobody can put another in its place.
struct ExecuteRequest {
    int program_fd = -1;                  // O_PATH
    std::vector<std::string> arguments;   // the first is its name
    std::vector<std::string> environment; // all of it
    std::vector<int> fds;                 // as SpawnRequest::fds, none of them -1
    std::chrono::seconds cpu_time_max{0}; // then it is killed
};

class Process {
public:
    /// The child ends with the calling thread where it calls die_with_parent().
    [[nodiscard]] static base::Result<Process> spawn(const SpawnRequest& request);

    /// For a process with one thread whose sandbox has a program (SandboxSettings::program_fd). It
    /// is killed when its parent ends. Exit code 127 where it could not be run.
    [[nodiscard]] static base::Result<Process> execute(const ExecuteRequest& request);

    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process(); // kills and reaps

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    [[nodiscard]] bool has_ended() noexcept { return wait(base::Deadline::min()).has_value(); }

    /// May be called by any thread while this object lives.
    void kill() noexcept;
    /// Asks it to end in good order (SIGTERM). By any thread, as kill().
    void terminate() noexcept;
    /// Readable once it has ended: for waiting for several.
    [[nodiscard]] int wait_fd() const noexcept { return pidfd_.get(); }
    /// Its status once it has ended, nullopt where the deadline comes first. May be asked again.
    [[nodiscard]] std::optional<ExitStatus> wait(base::Deadline deadline) noexcept;

    /// Lets it use that much more processor time from now on; a whole second at least is given.
    /// Then it gets SIGXCPU.
    [[nodiscard]] base::Result<void> allow_cpu_time(std::chrono::seconds more) const;

    /// Memory that is resident, 0 where it has ended.
    [[nodiscard]] std::uint64_t resident_bytes() const;

private:
    [[nodiscard]] static base::Result<Process> watch(pid_t pid);

    Process(pid_t pid, UniqueFd pidfd) : pid_{pid}, pidfd_{std::move(pidfd)} {}

    void end() noexcept;

    pid_t pid_ = -1;
    UniqueFd pidfd_;
    std::optional<ExitStatus> status_;
};

/// To be called by the child first of all: it is killed when the thread that started it ends. A
/// parent that ended before shows by the channel to it being closed. A change of user undoes it.
[[nodiscard]] bool die_with_parent() noexcept;

} // namespace watchpost::os
