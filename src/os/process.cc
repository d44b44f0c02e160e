#include "os/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <utility>

#include "os/seccomp.h"
#include "os/wait.h"

namespace watchpost::os {

namespace {

using base::Result;

/// posix_spawn's own resources, given back at the end.
class FileActions {
public:
    FileActions() { ::posix_spawn_file_actions_init(&actions_); }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;

    [[nodiscard]] posix_spawn_file_actions_t* get() noexcept { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

/// Signals: nothing blocked, nothing ignored that we ignore (a blocked SIGXCPU would not end it).
class Attributes {
public:
    Attributes()
    {
        ::posix_spawnattr_init(&attributes_);
        sigset_t set;
        ::sigemptyset(&set);
        ::posix_spawnattr_setsigmask(&attributes_, &set);
        ::sigfillset(&set);
        ::posix_spawnattr_setsigdefault(&attributes_, &set);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;

    [[nodiscard]] const posix_spawnattr_t* get() const noexcept { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(const std::vector<std::string>& texts)
{
    std::vector<char*> list;
    list.reserve(texts.size() + 1);
    for (const std::string& text : texts) {
        list.push_back(const_cast<char*>(text.c_str()));
    }
    list.push_back(nullptr);
    return list;
}

/// Copies above every number that the child is to have: dup2 in any order then hits none of them.
Result<std::vector<UniqueFd>> lift(const std::vector<int>& fds)
{
    const UniqueFd null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
    std::vector<UniqueFd> lifted;
    for (const int fd : fds) {
        lifted.emplace_back(
            ::fcntl(fd < 0 ? null.get() : fd, F_DUPFD_CLOEXEC, static_cast<int>(fds.size())));
        if (!lifted.back().is_open()) {
            return base::fail(base::system_error("copy a descriptor for a process", errno));
        }
    }
    return lifted;
}

Result<pid_t> start(const SpawnRequest& request)
{
    const auto lifted = lift(request.fds);
    if (!lifted) {
        return base::fail(lifted.error());
    }
    FileActions actions;
    for (std::size_t i = 0; i < lifted->size(); ++i) {
        ::posix_spawn_file_actions_adddup2(actions.get(), (*lifted)[i].get(), static_cast<int>(i));
    }
    ::posix_spawn_file_actions_addclosefrom_np(actions.get(), static_cast<int>(lifted->size()));
    const Attributes attributes;
    pid_t pid = -1;
    const int error =
        ::posix_spawn(&pid, request.program.c_str(), actions.get(), attributes.get(),
                      pointers(request.arguments).data(), pointers(request.environment).data());
    if (error != 0) {
        return base::fail(base::system_error("start " + request.program, error));
    }
    return pid;
}

constexpr int exit_code_unknown = -1;
constexpr int exit_code_not_run = 127; // as a shell's

/// The child between fork and the program. The last descriptor is the program's, which it loses.
[[noreturn]] void become_program(const std::vector<UniqueFd>& fds,
                                 const std::vector<char*>& arguments,
                                 const std::vector<char*>& environment,
                                 std::chrono::seconds cpu_time_max, pid_t parent)
{
    const int program = static_cast<int>(fds.size()) - 1;
    bool is_ready = ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent;
    for (int i = 0; i <= program; ++i) {
        is_ready = is_ready && ::dup3(fds[static_cast<std::size_t>(i)].get(), i,
                                      i == program ? O_CLOEXEC : 0) == i;
    }
    const auto seconds = static_cast<rlim_t>(cpu_time_max.count());
    const rlimit limit{seconds, seconds};
    is_ready = is_ready && ::close_range(static_cast<unsigned>(program) + 1, ~0U, 0) == 0 &&
               ::setrlimit(RLIMIT_CPU, &limit) == 0;
    if (is_ready && close_program_in()) {
        ::execveat(program, "", arguments.data(), environment.data(), AT_EMPTY_PATH);
    }
    ::_exit(exit_code_not_run);
}

ExitStatus reap(pid_t pid) noexcept
{
    int raw = 0;
    while (::waitpid(pid, &raw, 0) < 0) {
        if (errno != EINTR) { // somebody had the program ignore SIGCHLD: the status is lost
            return ExitStatus{false, exit_code_unknown};
        }
    }
    return WIFSIGNALED(raw) ? ExitStatus{true, WTERMSIG(raw)} : ExitStatus{false, WEXITSTATUS(raw)};
}

} // namespace

std::string ExitStatus::describe() const
{
    if (!by_signal) {
        return "exit code " + std::to_string(value);
    }
    const char* const text = ::sigdescr_np(value);
    return "signal " + std::to_string(value) + " (" + (text != nullptr ? text : "unknown") + ")";
}

Result<Process> Process::spawn(const SpawnRequest& request)
{
    const auto pid = start(request);
    if (!pid) {
        return base::fail(pid.error());
    }
    return watch(*pid);
}

Result<Process> Process::watch(pid_t pid)
{
    UniqueFd pidfd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))}; // close-on-exec by itself
    if (!pidfd.is_open()) {
        const int error = errno;
        ::kill(pid, SIGKILL); // not reaped yet, so the number is still its own
        reap(pid);
        return base::fail(base::system_error("pidfd_open", error));
    }
    return Process{pid, std::move(pidfd)};
}

Result<Process> Process::execute(const ExecuteRequest& request)
{
    auto fds = request.fds;
    fds.push_back(request.program_fd);
    const auto lifted = lift(fds);
    if (!lifted) {
        return base::fail(lifted.error());
    }
    const auto arguments = pointers(request.arguments);
    const auto environment = pointers(request.environment);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) {
        become_program(*lifted, arguments, environment, request.cpu_time_max, parent);
    }
    if (pid < 0) {
        return base::fail(base::system_error("fork", errno));
    }
    return watch(pid);
}

Process::Process(Process&& other) noexcept
    : pid_{std::exchange(other.pid_, -1)}
    , pidfd_{std::move(other.pidfd_)}
    , status_{std::exchange(other.status_, std::nullopt)}
{
}

Process& Process::operator=(Process&& other) noexcept
{
    if (this != &other) {
        end();
        pid_ = std::exchange(other.pid_, -1);
        pidfd_ = std::move(other.pidfd_);
        status_ = std::exchange(other.status_, std::nullopt);
    }
    return *this;
}

Process::~Process()
{
    end();
}

void Process::end() noexcept
{
    if (pid_ > 0 && !status_) {
        kill();
        status_ = reap(pid_);
    }
}

void Process::kill() noexcept
{
    // Of one that has ended the descriptor knows that it has, even after its number went to
    // another.
    ::syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0);
}

void Process::terminate() noexcept
{
    ::syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGTERM, nullptr, 0);
}

std::optional<ExitStatus> Process::wait(base::Deadline deadline) noexcept
{
    if (!status_) {
        if (!wait_until_readable(pidfd_.get(), deadline)) {
            return std::nullopt;
        }
        status_ = reap(pid_);
    }
    return status_;
}

Result<void> Process::allow_cpu_time(std::chrono::seconds more) const
{
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) {
        return base::fail(base::system_error("read the processor time of a process", errno));
    }
    rlimit limit{};
    if (::prlimit(pid_, RLIMIT_CPU, nullptr, &limit) != 0) {
        return base::fail(base::system_error("prlimit", errno));
    }
    const auto wanted = static_cast<rlim_t>(used.tv_sec + 1 + more.count());
    limit.rlim_cur = std::min(wanted, limit.rlim_max); // the hard limit could not be raised again
    if (::prlimit(pid_, RLIMIT_CPU, &limit, nullptr) != 0) {
        return base::fail(base::system_error("prlimit", errno));
    }
    return {};
}

std::uint64_t Process::resident_bytes() const
{
    const std::string path = "/proc/" + std::to_string(pid_) + "/statm";
    const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    char text[128] = {};
    if (!file.is_open() || ::read(file.get(), text, sizeof text - 1) <= 0) {
        return 0;
    }
    unsigned long long size = 0;
    unsigned long long resident = 0;
    if (std::sscanf(text, "%llu %llu", &size, &resident) != 2) {
        return 0;
    }
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

bool die_with_parent() noexcept
{
    return ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

} // namespace watchpost::os
