#include "os/landlock.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>

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
    int fs_count;         // the rights are the lowest bits
    std::uint64_t net;    // bind and connect of TCP
    std::uint64_t scoped; // abstract unix sockets, signals
    std::size_t size;
    const char* what;
};

constexpr std::array<Rights, 6> rights_by_abi{
    Rights{13, 0, 0, 8, "files"},
    Rights{14, 0, 0, 8, "files"},
    Rights{15, 0, 0, 8, "files"},
    Rights{15, 3, 0, 16, "files, TCP"},
    Rights{16, 3, 0, 16, "files, devices, TCP"},
    Rights{16, 3, 3, 24, "files, devices, TCP, signals, abstract sockets"}};

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

} // namespace

Measure close_by_landlock()
{
    const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, ask_for_version);
    if (abi < 1) {
        return absent(errno);
    }
    const auto known = std::min(static_cast<std::size_t>(abi), rights_by_abi.size());
    const Rights& rights = rights_by_abi[known - 1];
    const RulesetAttributes attributes{(std::uint64_t{1} << rights.fs_count) - 1, rights.net,
                                       rights.scoped};
    // An empty rule set: every right that is handled is refused everywhere.
    const UniqueFd rules{
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, rights.size, 0))};
    if (!rules.is_open() || ::syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) {
        return absent(errno);
    }
    return {"Landlock", Measure::State::in_force,
            "ABI " + std::to_string(abi) + ", everything refused: " + rights.what};
}

} // namespace watchpost::os
