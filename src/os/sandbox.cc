#include "os/sandbox.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/bytes.h"
#include "os/landlock.h"
#include "os/sanitizer.h"
#include "os/seccomp.h"
#include "os/unique_fd.h"

namespace watchpost::os {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;
using State = Measure::State;
using Resource = decltype(RLIMIT_CORE);

/// A limit that is lower already stays: it could not be raised, and need not be.
Result<void> limit(Resource resource, std::uint64_t value, const char* name)
{
    rlimit both{};
    const bool is_known = ::getrlimit(resource, &both) == 0;
    both.rlim_max = std::min<rlim_t>(value, both.rlim_max);
    both.rlim_cur = both.rlim_max;
    if (!is_known || ::setrlimit(resource, &both) != 0) {
        return base::fail(base::system_error(std::string{"set "} + name, errno));
    }
    return {};
}

Result<Measure> limit_resources(const SandboxSettings& settings)
{
    const bool has_shadow = sanitizer() != nullptr;
    struct Line {
        Resource resource;
        std::uint64_t value;
        const char* name;
    };
    std::vector<Line> lines{{RLIMIT_CORE, 0, "RLIMIT_CORE"},
                            {RLIMIT_FSIZE, settings.file_bytes_max, "RLIMIT_FSIZE"},
                            {RLIMIT_NOFILE, settings.open_files_max, "RLIMIT_NOFILE"}};
    if (!has_shadow) { // the shadow memory counts, and is terabytes
        lines.push_back({RLIMIT_DATA, settings.data_bytes_max, "RLIMIT_DATA"});
    }
    for (const Line& line : lines) {
        if (auto set = limit(line.resource, line.value, line.name); !set) {
            return base::fail(std::move(set.error()));
        }
    }
    std::string detail = "file " + base::to_readable_bytes(settings.file_bytes_max) + ", " +
                         std::to_string(settings.open_files_max) + " descriptors, no core dump, ";
    detail += has_shadow ? std::string{"memory not limited: a build with "} + sanitizer()
                         : "memory " + base::to_readable_bytes(settings.data_bytes_max);
    return Measure{"resource limits", has_shadow ? State::weakened : State::in_force, detail};
}

/// Also those that it could get back by running a program, though it may run none.
Result<Measure> drop_capabilities()
{
    for (int capability = 0; ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; ++capability) {
    }
    ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> sets{};
    if (::syscall(SYS_capset, &header, sets.data()) != 0) {
        return base::fail(base::system_error("give up all capabilities", errno));
    }
    return Measure{"capabilities", State::in_force, "none, user id " + std::to_string(::geteuid())};
}

Result<void> set(int option, unsigned long value, const char* name)
{
    if (::prctl(option, value, 0, 0, 0) != 0) {
        return base::fail(base::system_error(name, errno));
    }
    return {};
}

/// Trust is good, asking the kernel is better: a sandbox that is open must not be used.
Result<void> prove_closed()
{
    const UniqueFd folder{::open("/", O_PATH | O_CLOEXEC)};
    const UniqueFd file{::open("/etc/passwd", O_RDONLY | O_CLOEXEC)};
    const UniqueFd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const bool is_closed =
        !folder.is_open() && !file.is_open() && !socket.is_open() && ::prctl(PR_GET_SECCOMP) == 2 &&
        ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 && ::prctl(PR_GET_DUMPABLE) == 0;
    if (!is_closed) {
        return base::fail(ErrorCode::internal, Retry::never,
                          "the sandbox is open although the kernel took the orders to close it");
    }
    return {};
}

/// Which files a program may read can be told to Landlock alone: no program without it.
Result<Measure> close_files(const SandboxSettings& settings)
{
    if (settings.program_fd < 0) {
        return close_by_landlock();
    }
    auto measure = close_by_landlock_but(settings.program_fd);
    if (measure && measure->state == State::absent) {
        return base::fail(ErrorCode::internal, Retry::never,
                          "no program is run without Landlock (Linux 5.13 or later): " +
                              measure->detail);
    }
    return measure;
}

} // namespace

Result<std::vector<Measure>> close_sandbox(const SandboxSettings& settings)
{
    prepare_sanitizer();
    std::vector<Measure> measures;
    if (auto limits = limit_resources(settings); limits) {
        measures.push_back(std::move(*limits));
    } else {
        return base::fail(std::move(limits.error()));
    }
    if (auto dropped = drop_capabilities(); dropped) {
        measures.push_back(std::move(*dropped));
    } else {
        return base::fail(std::move(dropped.error()));
    }
    if (auto done = set(PR_SET_NO_NEW_PRIVS, 1, "set no_new_privs"); !done) {
        return base::fail(std::move(done.error()));
    }
    measures.push_back({"no new privileges", State::in_force, "for ever"});
    if (auto done = set(PR_SET_DUMPABLE, 0, "forbid dumps"); !done) {
        return base::fail(std::move(done.error()));
    }
    measures.push_back(
        {"tracing", State::in_force, "other processes of this user may not look in"});
    auto files = close_files(settings);
    if (!files) {
        return base::fail(std::move(files.error()));
    }
    measures.push_back(std::move(*files));
    auto filter = close_by_seccomp(settings);
    if (!filter) {
        return base::fail(std::move(filter.error()));
    }
    measures.push_back(std::move(*filter));
    if (auto proved = prove_closed(); !proved) {
        return base::fail(std::move(proved.error()));
    }
    return measures;
}

const char* to_string(Measure::State state) noexcept
{
    switch (state) {
    case State::in_force:
        return "in force";
    case State::weakened:
        return "weakened";
    case State::absent:
        return "absent";
    }
    return "unknown";
}

} // namespace watchpost::os
