#include "os/landlock.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include "os/unique_fd.h"

namespace watchpost::os {

namespace {

// The kernel's header of Debian 12 knows ABI 3; the binary interface is stable, so it stands here.
struct RulesetAttributes {
    std::uint64_t handled_access_fs = 0;
    std::uint64_t handled_access_net = 0; // from ABI 4
    std::uint64_t scoped = 0;             // from ABI 6
};

constexpr std::uint32_t ask_for_version = 1; // LANDLOCK_CREATE_RULESET_VERSION

struct Rights {
    int fs_count = 0;         // the rights are the lowest bits
    std::uint64_t net = 0;    // bind and connect of TCP
    std::uint64_t scoped = 0; // abstract unix sockets, signals
    std::size_t size = 0;
    const char* what = "";
};

constexpr std::array<Rights, 6> rights_by_abi{
    Rights{13, 0, 0, 8, "files"},
    Rights{14, 0, 0, 8, "files"},
    Rights{15, 0, 0, 8, "files"},
    Rights{15, 3, 0, 16, "files, TCP"},
    Rights{16, 3, 0, 16, "files, devices, TCP"},
    Rights{16, 3, 3, 24, "files, devices, TCP, signals, abstract sockets"}};

// Bits of the interface. Those of writing: which folders may be changed, and how.
constexpr std::uint64_t execute = 1U << 0U;
constexpr std::uint64_t write_file = 1U << 1U;
constexpr std::uint64_t read_file = 1U << 2U;
constexpr std::uint64_t truncate = 1U << 14U;
constexpr std::uint64_t change_folders = 0x1FF0; // remove and make, of every kind
constexpr std::uint64_t refer = 1U << 13U;       // link and rename between folders
constexpr std::uint64_t bind_tcp = 1U << 0U;
constexpr std::uint64_t connect_tcp = 1U << 1U;
constexpr int add_path_beneath = 1; // LANDLOCK_RULE_PATH_BENEATH

struct [[gnu::packed]] PathBeneath {
    std::uint64_t allowed_access = 0;
    std::int32_t parent_fd = -1;
};

base::Result<void> allow(int rules, int place, std::uint64_t access, const std::string& what)
{
    const PathBeneath rule{access, place};
    if (::syscall(SYS_landlock_add_rule, rules, add_path_beneath, &rule, 0) != 0) {
        return base::fail(base::system_error("allow " + what, errno));
    }
    return {};
}

/// A place that this system does not have is nothing that must be allowed.
base::Result<void> allow_at(int rules, const std::string& path, std::uint64_t access)
{
    const UniqueFd place{::open(path.c_str(), O_PATH | O_CLOEXEC)};
    return place.is_open() ? allow(rules, place.get(), access, "reading " + path)
                           : base::Result<void>{};
}

/// The dynamic loader: the kernel runs it for the program. The path is that of our own.
std::string loader()
{
    Dl_info found{};
    const auto* const base = reinterpret_cast<const void*>(::getauxval(AT_BASE));
    return ::dladdr(base, &found) != 0 && found.dli_fname != nullptr ? found.dli_fname : "";
}

base::Result<void> allow_writing(int rules, const std::filesystem::path& path,
                                 std::uint64_t handled)
{
    const UniqueFd place{::open(path.c_str(), O_PATH | O_CLOEXEC)};
    struct stat status = {};
    if (!place.is_open() || ::fstat(place.get(), &status) != 0) {
        return base::fail(base::system_error("open " + path.string(), errno));
    }
    const std::uint64_t of_files = write_file | truncate;
    const std::uint64_t all = of_files | change_folders | refer;
    return allow(rules, place.get(), handled & (S_ISDIR(status.st_mode) ? all : of_files),
                 "writing in " + path.string());
}

Measure absent(int error)
{
    std::string why = "not in this kernel";
    if (error == EOPNOTSUPP) {
        why = "in this kernel, but switched off (see lsm= of its command line)";
    } else if (error != ENOSYS) {
        why = "refused: " + std::generic_category().message(error);
    }
    return {"Landlock", Measure::State::absent, std::move(why)};
}

/// What this kernel has of it; its version is below 1 where it has none, and errno says why.
struct Kernel {
    long abi = 0;
    Rights rights;
};

Kernel ask_kernel()
{
    Kernel kernel;
    kernel.abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, ask_for_version);
    if (kernel.abi >= 1) {
        const auto known = std::min(static_cast<std::size_t>(kernel.abi), rights_by_abi.size());
        kernel.rights = rights_by_abi[known - 1];
    }
    return kernel;
}

UniqueFd make_rules(const Kernel& kernel, const RulesetAttributes& attributes)
{
    return UniqueFd{static_cast<int>(
        ::syscall(SYS_landlock_create_ruleset, &attributes, kernel.rights.size, 0))};
}

Measure put_in_force(const UniqueFd& rules, const Kernel& kernel, const std::string& what)
{
    if (!rules.is_open() || ::syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) {
        return absent(errno);
    }
    return {"Landlock", Measure::State::in_force,
            "ABI " + std::to_string(kernel.abi) + ", " + what};
}

std::uint64_t lowest_bits(int count)
{
    return (std::uint64_t{1} << count) - 1;
}

} // namespace

Measure close_by_landlock()
{
    const Kernel kernel = ask_kernel();
    if (kernel.abi < 1) {
        return absent(errno);
    }
    // An empty rule set: every right that is handled is refused everywhere.
    const RulesetAttributes attributes{lowest_bits(kernel.rights.fs_count), kernel.rights.net,
                                       kernel.rights.scoped};
    return put_in_force(make_rules(kernel, attributes), kernel,
                        std::string{"everything refused: "} + kernel.rights.what);
}

base::Result<Measure> close_by_landlock_but(int program_fd)
{
    const Kernel kernel = ask_kernel();
    if (kernel.abi < 1) {
        return absent(errno);
    }
    const RulesetAttributes attributes{lowest_bits(kernel.rights.fs_count), kernel.rights.net,
                                       kernel.rights.scoped};
    const UniqueFd rules = make_rules(kernel, attributes);
    if (!rules.is_open()) {
        return absent(errno);
    }
    auto allowed = allow(rules.get(), program_fd, execute | read_file, "running the program");
    if (allowed) {
        allowed = allow_at(rules.get(), loader(), execute | read_file);
    }
    for (const char* const path : {"/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache"}) {
        if (allowed) {
            allowed = allow_at(rules.get(), path, read_file);
        }
    }
    if (!allowed) {
        return base::fail(std::move(allowed.error()));
    }
    return put_in_force(rules, kernel,
                        std::string{"one program may run, libraries may be read, the rest is "
                                    "refused: "} +
                            kernel.rights.what);
}

base::Result<Measure> restrict_by_landlock(const LandlockRules& allowed)
{
    const Kernel kernel = ask_kernel();
    if (kernel.abi < 1) {
        return absent(errno);
    }
    RulesetAttributes attributes;
    attributes.handled_access_fs = (write_file | truncate | change_folders | refer |
                                    (allowed.may_start_programs ? 0 : execute)) &
                                   lowest_bits(kernel.rights.fs_count);
    attributes.handled_access_net = kernel.rights.net & ((allowed.may_bind ? 0 : bind_tcp) |
                                                         (allowed.may_connect ? 0 : connect_tcp));
    const UniqueFd rules = make_rules(kernel, attributes);
    if (!rules.is_open()) {
        return absent(errno);
    }
    for (const auto& path : allowed.may_write) {
        if (auto added = allow_writing(rules.get(), path, attributes.handled_access_fs); !added) {
            return base::fail(std::move(added.error()));
        }
    }
    return put_in_force(rules, kernel, "writes in its own folders only");
}

} // namespace watchpost::os
