#include "os/seccomp.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "os/sanitizer.h"
#include "os/seccomp_filter.h"

namespace watchpost::os {

namespace {

using base::Result;

struct Rule {
    int call;
    std::vector<Condition> conditions;
};

// Calls that touch nothing but the process's own memory, time and descriptors that it holds; why
// each of them is needed stands in docs/threat-model.md.
constexpr int harmless[] = {SCMP_SYS(brk),
                            SCMP_SYS(munmap),
                            SCMP_SYS(mremap),
                            SCMP_SYS(madvise), // memory
                            SCMP_SYS(read),
                            SCMP_SYS(pread64),
                            SCMP_SYS(write),
                            SCMP_SYS(writev),
                            SCMP_SYS(pwrite64),
                            SCMP_SYS(lseek),
                            SCMP_SYS(fstat),
                            SCMP_SYS(close), // what it holds
                            SCMP_SYS(poll),
                            SCMP_SYS(ppoll),
                            SCMP_SYS(futex),
                            SCMP_SYS(sched_yield),
                            SCMP_SYS(restart_syscall), // waiting
                            SCMP_SYS(clock_gettime),
                            SCMP_SYS(clock_getres),
                            SCMP_SYS(gettimeofday),
                            SCMP_SYS(time),
                            SCMP_SYS(getrandom),
                            SCMP_SYS(getpid),
                            SCMP_SYS(gettid),
                            SCMP_SYS(sysinfo), // qsort of the C library asks for the size of memory
                            SCMP_SYS(rt_sigaction),
                            SCMP_SYS(rt_sigprocmask),
                            SCMP_SYS(rt_sigreturn),
                            SCMP_SYS(sigaltstack),
                            SCMP_SYS(exit),
                            SCMP_SYS(exit_group)};

// No library of ours tries these: whoever does is an attacker, and ends at once.
constexpr int hostile[] = {SCMP_SYS(execve),
                           SCMP_SYS(ptrace),
                           SCMP_SYS(process_vm_readv),
                           SCMP_SYS(process_vm_writev),
                           SCMP_SYS(pidfd_getfd),
                           SCMP_SYS(bpf),
                           SCMP_SYS(perf_event_open),
                           SCMP_SYS(userfaultfd),
                           SCMP_SYS(io_uring_setup),
                           SCMP_SYS(keyctl),
                           SCMP_SYS(add_key),
                           SCMP_SYS(request_key),
                           SCMP_SYS(mount),
                           SCMP_SYS(umount2),
                           SCMP_SYS(pivot_root),
                           SCMP_SYS(chroot),
                           SCMP_SYS(setns),
                           SCMP_SYS(unshare),
                           SCMP_SYS(init_module),
                           SCMP_SYS(finit_module),
                           SCMP_SYS(kexec_load),
                           SCMP_SYS(modify_ldt),
                           SCMP_SYS(setuid),
                           SCMP_SYS(setresuid),
                           SCMP_SYS(capset)};

// What it takes beside to run a program: files (which ones, Landlock says), threads, and for its
// parent a child, pipes and limits, which can be lowered only.
constexpr int for_programs[] = {SCMP_SYS(newfstatat),
                                SCMP_SYS(access),
                                SCMP_SYS(readlink),
                                SCMP_SYS(getcwd),
                                SCMP_SYS(umask),
                                SCMP_SYS(arch_prctl),
                                SCMP_SYS(set_tid_address),
                                SCMP_SYS(set_robust_list),
                                SCMP_SYS(rseq),
                                SCMP_SYS(getppid),
                                SCMP_SYS(pipe2),
                                SCMP_SYS(dup2),
                                SCMP_SYS(dup3),
                                SCMP_SYS(close_range),
                                SCMP_SYS(wait4),
                                SCMP_SYS(pidfd_open),
                                SCMP_SYS(seccomp),
                                SCMP_SYS(pidfd_send_signal),
                                SCMP_SYS(readv),
                                SCMP_SYS(nanosleep),
                                SCMP_SYS(clock_nanosleep),
                                SCMP_SYS(getuid),
                                SCMP_SYS(geteuid),
                                SCMP_SYS(getgid),
                                SCMP_SYS(getegid)};

// What its parent may and the program may not.
constexpr int for_parents_only[] = {SCMP_SYS(sendmsg),    SCMP_SYS(recvmsg),
                                    SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_send_signal),
                                    SCMP_SYS(wait4),      SCMP_SYS(memfd_create)};

constexpr std::uint64_t new_name_spaces = CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNET |
                                          CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUSER | CLONE_NEWUTS;

// UndefinedBehaviorSanitizer looks by a pipe whether memory can be read; the others wait in their
// locks, and ask how large things are when they report.
constexpr int for_sanitizers[] = {SCMP_SYS(pipe),      SCMP_SYS(pipe2),           SCMP_SYS(readv),
                                  SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(getuid),
                                  SCMP_SYS(geteuid),   SCMP_SYS(getgid),          SCMP_SYS(getegid),
                                  SCMP_SYS(getrusage), SCMP_SYS(getrlimit)};

// Questions about itself; every other prctl changes something.
constexpr int own_state[] = {PR_GET_SECCOMP, PR_GET_NO_NEW_PRIVS, PR_GET_DUMPABLE};

// F_SETOWN and F_SETSIG would send signals to others.
constexpr int descriptor_commands[] = {F_GETFD, F_SETFD,     F_GETFL,
                                       F_SETFL, F_GET_SEALS, F_DUPFD_CLOEXEC};

/// Without arguments to look at; once, since builds with a sanitizer have some of them already.
void allow(std::vector<Rule>& rules, int call)
{
    if (std::ranges::find(rules, call, &Rule::call) == rules.end()) {
        rules.push_back({call, {}});
    }
}

/// Memory may become code only as it comes from a file, and never while it can be written.
void add_for_programs(std::vector<Rule>& rules)
{
    for (const int call : for_programs) {
        allow(rules, call);
    }
    rules.push_back({SCMP_SYS(mmap),
                     {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC},
                      {3, SCMP_CMP_MASKED_EQ, MAP_TYPE | MAP_ANONYMOUS, MAP_PRIVATE}}});
    rules.push_back({SCMP_SYS(openat),
                     {{2, SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC | O_PATH, O_RDONLY}}});
    rules.push_back({SCMP_SYS(clone), {{0, SCMP_CMP_MASKED_EQ, new_name_spaces, 0}}});
    rules.push_back({SCMP_SYS(prlimit64), {{0, SCMP_CMP_EQ, 0}}}); // its own: lower, never higher
    rules.push_back({SCMP_SYS(execveat), {{4, SCMP_CMP_EQ, AT_EMPTY_PATH}}});
    rules.push_back({SCMP_SYS(prctl), {{0, SCMP_CMP_EQ, PR_SET_PDEATHSIG}}});
    rules.push_back({SCMP_SYS(prctl), {{0, SCMP_CMP_EQ, PR_SET_SECCOMP}}});
}

std::vector<Rule> rules_of(const SandboxSettings& settings)
{
    const auto channel = static_cast<std::uint64_t>(settings.channel_fd);
    const auto self = static_cast<std::uint64_t>(::getpid());
    std::vector<Rule> rules;
    for (const int call : harmless) {
        rules.push_back({call, {}});
    }
    // No memory becomes code: injected octets cannot be run. None is shared: RLIMIT_DATA would not
    // count it.
    rules.push_back(
        {SCMP_SYS(mmap),
         {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}, {3, SCMP_CMP_MASKED_EQ, MAP_TYPE, MAP_PRIVATE}}});
    rules.push_back({SCMP_SYS(mprotect), {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}}});
    rules.push_back({SCMP_SYS(sendmsg), {{0, SCMP_CMP_EQ, channel}}});
    rules.push_back({SCMP_SYS(recvmsg), {{0, SCMP_CMP_EQ, channel}}});
    if (settings.second_channel_fd >= 0) {
        const auto second = static_cast<std::uint64_t>(settings.second_channel_fd);
        rules.push_back({SCMP_SYS(sendmsg), {{0, SCMP_CMP_EQ, second}}});
        rules.push_back({SCMP_SYS(recvmsg), {{0, SCMP_CMP_EQ, second}}});
    }
    rules.push_back({SCMP_SYS(tgkill), {{0, SCMP_CMP_EQ, self}}}); // abort()
    // Its own limits, to read and not to change.
    rules.push_back({SCMP_SYS(prlimit64), {{0, SCMP_CMP_EQ, 0}, {2, SCMP_CMP_EQ, 0}}});
    for (const int question : own_state) {
        rules.push_back(
            {SCMP_SYS(prctl), {{0, SCMP_CMP_EQ, static_cast<std::uint64_t>(question)}}});
    }
    for (const int command : descriptor_commands) {
        rules.push_back({SCMP_SYS(fcntl), {{1, SCMP_CMP_EQ, static_cast<std::uint64_t>(command)}}});
    }
    if (sanitizer() != nullptr) {
        for (const int call : for_sanitizers) {
            rules.push_back({call, {}});
        }
    }
    if (settings.memory_files == MemoryFiles::allowed) {
        rules.push_back({SCMP_SYS(memfd_create), {}});
        rules.push_back({SCMP_SYS(ftruncate), {}});
        rules.push_back({SCMP_SYS(fcntl), {{1, SCMP_CMP_EQ, F_ADD_SEALS}}});
    }
    if (settings.program_fd >= 0) {
        add_for_programs(rules);
    }
    return rules;
}

Measure describe(const SandboxSettings& settings)
{
    Measure measure{
        "seccomp", Measure::State::in_force,
        std::to_string(std::size(harmless)) +
            " system calls allowed, some more with fixed arguments; execve, ptrace and " +
            std::to_string(std::size(hostile) - 1) +
            " more end the process, all others are refused"};
    if (settings.program_fd >= 0) {
        measure.detail = "what reads files, and the running of one program by its descriptor; no "
                         "socket is made, nothing is written; " +
                         std::to_string(std::size(hostile)) +
                         " system calls end the process, all others are refused";
    }
    if (sanitizer() != nullptr) {
        measure.state = Measure::State::weakened;
        measure.detail += "; " + std::to_string(std::size(for_sanitizers)) +
                          " more, pipe among them: a build with " + sanitizer();
    }
    return measure;
}

} // namespace

Result<Measure> close_by_seccomp(const SandboxSettings& settings)
{
    const auto rules = rules_of(settings);
    // Refused with EPERM, which libraries take for an answer; a helper program or a file that an
    // archive reader would like to use is then simply not there.
    SeccompFilter filter{SCMP_ACT_ERRNO(EPERM)};
    filter.set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS); // 32-bit calls on a 64-bit kernel
    filter.set(SCMP_FLTATR_CTL_NNP, 0);                         // is set already
    filter.set(SCMP_FLTATR_CTL_TSYNC, 1);
    filter.set(SCMP_FLTATR_CTL_OPTIMIZE, 2); // a binary tree: the list costs little a call
    for (const Rule& rule : rules) {
        filter.add(SCMP_ACT_ALLOW, rule.call, rule.conditions);
    }
    for (const int call : hostile) {
        filter.add(SCMP_ACT_KILL_PROCESS, call);
    }
    if (settings.program_fd < 0) {
        filter.add(SCMP_ACT_KILL_PROCESS, SCMP_SYS(execveat));
    }
    filter.add(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3)); // the C library then asks for clone
    if (auto loaded = filter.load("close the sandbox"); !loaded) {
        return base::fail(std::move(loaded.error()));
    }
    return describe(settings);
}

Result<void> close_program_in()
{
    SeccompFilter filter{SCMP_ACT_ALLOW}; // the parent's filter holds beside
    filter.set(SCMP_FLTATR_CTL_NNP, 0);
    for (const int call : for_parents_only) {
        filter.add(SCMP_ACT_ERRNO(EPERM), call);
    }
    // Threads, but no other process, which would outlive it; and its end with its parent stands.
    filter.add(SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), {{0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0}});
    filter.add(SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl), {{0, SCMP_CMP_EQ, PR_SET_PDEATHSIG}});
    return filter.load("close in a program");
}

} // namespace watchpost::os
