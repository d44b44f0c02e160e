// Each wall is tried from inside: a forked child closes the sandbox, tries, and tells by its exit
// code.
#include "os/sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/io_uring.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <new>
#include <thread>

#include "os/memfd.h"
#include "os/sanitizer.h"

namespace watchpost::os {
namespace {

constexpr int no_sandbox = 250; // the exit code of a child that could not close it
constexpr int went_through = 0;

SandboxSettings settings()
{
    SandboxSettings wanted;
    wanted.channel_fd = 3;
    wanted.data_bytes_max = std::uint64_t{256} << 20U;
    wanted.file_bytes_max = 1 << 20;
    return wanted;
}

using Attempt = int (*)(); // errno, or 0 where it went through

/// The raw wait status of a child that tries this inside.
int inside(Attempt attempt, const SandboxSettings& wanted = settings())
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::_exit(close_sandbox(wanted) ? attempt() : no_sandbox);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(pid, &status, 0), pid);
    return status;
}

int outcome(bool is_refused)
{
    return is_refused ? errno : went_through;
}

struct Row {
    const char* name;
    Attempt attempt;
};

constexpr std::array refused{
    Row{"open a file to read", [] { return outcome(::open("/etc/passwd", O_RDONLY) < 0); }},
    Row{"open its own folder", [] { return outcome(::open(".", O_PATH) < 0); }},
    Row{"make a file", [] { return outcome(::open("/tmp/x", O_WRONLY | O_CREAT, 0600) < 0); }},
    Row{"make a nameless file",
        [] { return outcome(::open("/tmp", O_WRONLY | O_TMPFILE, 0600) < 0); }},
    Row{"look at a file",
        [] {
            struct stat status{};
            return outcome(::stat("/etc/passwd", &status) < 0);
        }},
    Row{"remove a file", [] { return outcome(::unlink("/tmp/x") < 0); }},
    Row{"make a folder", [] { return outcome(::mkdir("/tmp/x", 0700) < 0); }},
    Row{"change its folder", [] { return outcome(::chdir("/") < 0); }},
    Row{"make an internet socket", [] { return outcome(::socket(AF_INET, SOCK_STREAM, 0) < 0); }},
    Row{"make a datagram socket", [] { return outcome(::socket(AF_INET6, SOCK_DGRAM, 0) < 0); }},
    Row{"make a unix socket", [] { return outcome(::socket(AF_UNIX, SOCK_STREAM, 0) < 0); }},
    Row{"make a socket pair",
        [] {
            std::array<int, 2> ends{};
            return outcome(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) < 0);
        }},
    Row{"connect", [] { return outcome(::connect(3, nullptr, 0) < 0); }},
    Row{"send on another descriptor",
        [] {
            const msghdr header{};
            return outcome(::sendmsg(4, &header, 0) < 0);
        }},
    Row{"fork", [] { return outcome(::fork() < 0); }},
    Row{"fork by its system call", [] { return outcome(::syscall(SYS_fork) < 0); }},
    Row{"start a thread",
        [] {
            return outcome(::syscall(SYS_clone, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND, 0) < 0);
        }},
    Row{"signal its parent", [] { return outcome(::kill(::getppid(), 0) < 0); }},
    Row{"signal a thread of another process",
        [] { return outcome(::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0) < 0); }},
    Row{"have signals sent to its parent",
        [] { return outcome(::fcntl(0, F_SETOWN, ::getppid()) < 0); }},
    Row{"open a process", [] { return outcome(::syscall(SYS_pidfd_open, ::getppid(), 0) < 0); }},
    Row{"make memory that can be run",
        [] {
            return outcome(::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                                  -1, 0) == MAP_FAILED);
        }},
    Row{"make memory that is not counted",
        [] {
            return outcome(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                                  -1, 0) == MAP_FAILED);
        }},
    Row{"turn memory into code",
        [] {
            void* const page =
                ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            return outcome(::mprotect(page, 4096, PROT_READ | PROT_EXEC) < 0);
        }},
    Row{"raise its limits",
        [] {
            const rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
            return outcome(::setrlimit(RLIMIT_CPU, &limit) < 0);
        }},
    Row{"allow dumps again", [] { return outcome(::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0); }},
    Row{"outlive its parent", [] { return outcome(::prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0); }},
    Row{"make a memory file", [] { return outcome(::memfd_create("x", 0) < 0); }},
    Row{"watch files", [] { return outcome(::syscall(SYS_inotify_init1, 0) < 0); }},
    Row{"talk to a terminal", [] { return outcome(::syscall(SYS_ioctl, 0, 0x5412, "x") < 0); }},
};

constexpr std::array deadly{
    Row{"run a program",
        [] {
            char* const none[] = {nullptr};
            return outcome(::execve("/bin/true", none, none) < 0);
        }},
    Row{"run a program by descriptor",
        [] {
            char* const none[] = {nullptr};
            return outcome(::syscall(SYS_execveat, 3, "", none, none, AT_EMPTY_PATH) < 0);
        }},
    Row{"trace its parent",
        [] { return outcome(::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr) < 0); }},
    Row{"read its parent's memory",
        [] {
            const iovec part{nullptr, 0};
            return outcome(::process_vm_readv(::getppid(), &part, 1, &part, 1, 0) < 0);
        }},
    Row{"make a ring for system calls",
        [] {
            io_uring_params parameters{};
            return outcome(::syscall(SYS_io_uring_setup, 1, &parameters) < 0);
        }},
    Row{"make a user name space", [] { return outcome(::unshare(CLONE_NEWUSER) < 0); }},
    Row{"use the system calls of another architecture",
        [] { return outcome(::syscall(0x40000000L | SYS_getpid) < 0); }},
    Row{"become another user", [] { return outcome(::setuid(65534) < 0); }},
};

TEST(Sandbox, WhatALibraryMayTryIsRefused)
{
    for (const Row& row : refused) {
        SCOPED_TRACE(row.name);
        const int status = inside(row.attempt);
        ASSERT_TRUE(WIFEXITED(status));
        EXPECT_EQ(WEXITSTATUS(status), EPERM);
    }
}

// What no library of ours needs; the sanitizers do.
constexpr std::array needless{
    Row{"wait for no event",
        [] { return outcome(::syscall(SYS_nanosleep, nullptr, nullptr) < 0); }},
    Row{"read into several places",
        [] {
            const iovec part{nullptr, 0};
            return outcome(::readv(0, &part, 1) < 0);
        }},
    Row{"ask who it is", [] { return outcome(::syscall(SYS_getuid) < 0); }},
    Row{"ask for its effective user", [] { return outcome(::syscall(SYS_geteuid) < 0); }},
    Row{"ask for its group", [] { return outcome(::syscall(SYS_getgid) < 0); }},
    Row{"ask for its effective group", [] { return outcome(::syscall(SYS_getegid) < 0); }},
    Row{"ask what it used",
        [] {
            rusage usage{};
            return outcome(::getrusage(RUSAGE_SELF, &usage) < 0);
        }},
};

TEST(Sandbox, WhatNobodyNeedsIsRefused)
{
    if (sanitizer() != nullptr) {
        GTEST_SKIP() << "allowed in a build with " << sanitizer();
    }
    for (const Row& row : needless) {
        SCOPED_TRACE(row.name);
        const int status = inside(row.attempt);
        ASSERT_TRUE(WIFEXITED(status));
        EXPECT_EQ(WEXITSTATUS(status), EPERM);
    }
}

TEST(Sandbox, WhatOnlyAnAttackerTriesEndsTheProcess)
{
    for (const Row& row : deadly) {
        SCOPED_TRACE(row.name);
        const int status = inside(row.attempt);
        ASSERT_TRUE(WIFSIGNALED(status));
        EXPECT_EQ(WTERMSIG(status), SIGSYS);
    }
}

TEST(Sandbox, TheSameAttemptsGoThroughOutside)
{
    // Shows that the rows above try something that works: a test of the test.
    EXPECT_EQ(outcome(::open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0), went_through);
    EXPECT_EQ(outcome(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0), went_through);
    EXPECT_EQ(outcome(::kill(::getppid(), 0) < 0), went_through);
    EXPECT_EQ(outcome(::memfd_create("x", MFD_CLOEXEC) < 0), went_through);
}

TEST(Sandbox, WhatItHoldsStaysUsable)
{
    const int status = inside([] {
        int* const memory = new int{7};
        const bool is_usable = *memory == 7 && ::write(2, "", 0) == 0 && ::getpid() > 0;
        delete memory;
        return is_usable ? went_through : 1;
    });
    EXPECT_EQ(status, 0);
}

TEST(Sandbox, MemoryFilesAreMadeAndSealedWhereAllowed)
{
    auto wanted = settings();
    wanted.memory_files = MemoryFiles::allowed;
    const int status = inside(
        [] { return make_sealed_memfd("x", base::as_bytes("abc")) ? went_through : 1; }, wanted);
    EXPECT_EQ(status, 0);
}

TEST(Sandbox, AMemoryFileBeyondTheLimitEndsTheProcess)
{
    auto wanted = settings();
    wanted.memory_files = MemoryFiles::allowed;
    const int status = inside(
        [] {
            const std::string large((1 << 20) + 1, 'x');
            return make_sealed_memfd("x", base::as_bytes(large)) ? went_through : 1;
        },
        wanted);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), SIGXFSZ);
}

TEST(Sandbox, MoreMemoryThanAllowedIsNotGiven)
{
    if (sanitizer() != nullptr) {
        GTEST_SKIP() << "RLIMIT_DATA is off in a build with " << sanitizer();
    }
    const int status = inside([] {
        const auto* const memory = new (std::nothrow) char[std::size_t{300} << 20U];
        return memory == nullptr ? went_through : 1;
    });
    EXPECT_EQ(status, 0);
}

TEST(Sandbox, MoreDescriptorsThanAllowedAreNotGiven)
{
    auto wanted = settings();
    wanted.open_files_max = 8;
    const int status = inside(
        [] {
            int error = 0;
            for (int i = 0; i < 8 && error == 0; ++i) {
                error = outcome(::fcntl(0, F_DUPFD_CLOEXEC, 0) < 0);
            }
            return error;
        },
        wanted);
    EXPECT_EQ(WEXITSTATUS(status), EMFILE);
}

TEST(Sandbox, ALimitThatIsLowerAlreadyStays)
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        const rlimit low{16, 16};
        rlimit now{};
        const bool is_kept = ::setrlimit(RLIMIT_NOFILE, &low) == 0 && close_sandbox(settings()) &&
                             ::getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_max == 16;
        ::_exit(is_kept ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
}

TEST(Sandbox, AnAbortStillEndsTheProcess)
{
    const int status = inside([] {
        std::abort();
        return went_through;
    });
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), SIGABRT);
}

TEST(Sandbox, EveryMeasureIsReportedWithItsState)
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        const auto measures = close_sandbox(settings());
        bool is_complete = measures && measures->size() == 6;
        for (const Measure& measure : measures.value_or(std::vector<Measure>{})) {
            const bool may_be_less = measure.name == "Landlock" || sanitizer() != nullptr;
            is_complete = is_complete && !measure.detail.empty() &&
                          (measure.state == Measure::State::in_force || may_be_less);
        }
        ::_exit(is_complete ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
}

} // namespace
} // namespace watchpost::os
