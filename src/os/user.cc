#include "os/user.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace watchpost::os {
namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

constexpr std::size_t account_bytes = 16'384; // of one line of the user database
constexpr std::array kept{CAP_KILL, CAP_SETGID, CAP_SETUID};

std::optional<std::uint32_t> parse_number(std::string_view text)
{
    const auto number = base::parse_decimal(text);
    const bool fits = number && *number <= std::numeric_limits<std::uint32_t>::max();
    return fits ? std::optional{static_cast<std::uint32_t>(*number)} : std::nullopt;
}

bool is_kept(int capability)
{
    for (const int one : kept) {
        if (one == capability) {
            return true;
        }
    }
    return false;
}

base::Failure failed(const char* what)
{
    return base::fail(base::system_error(what, errno));
}

} // namespace

User current_user() noexcept
{
    return {::geteuid(), ::getegid()};
}

Result<User> find_user(const std::string& name)
{
    if (const auto colon = name.find(':'); colon != std::string::npos) {
        const auto uid = parse_number(std::string_view{name}.substr(0, colon));
        const auto gid = parse_number(std::string_view{name}.substr(colon + 1));
        if (uid && gid) {
            return User{*uid, *gid};
        }
    }
    passwd account{};
    passwd* found = nullptr;
    std::vector<char> text(account_bytes);
    const int error = ::getpwnam_r(name.c_str(), &account, text.data(), text.size(), &found);
    if (found == nullptr) {
        return base::fail(ErrorCode::not_found, Retry::never,
                          error == 0 ? "there is no user \"" + name + "\""
                                     : "the user \"" + name + "\" cannot be looked up");
    }
    return User{account.pw_uid, account.pw_gid};
}

Result<void> become(const User& user)
{
    if (user == current_user()) {
        return {};
    }
    if (::setgroups(0, nullptr) != 0) {
        return failed("give up all groups");
    }
    if (::setresgid(user.gid, user.gid, user.gid) != 0) {
        return failed("change the group");
    }
    if (::setresuid(user.uid, user.uid, user.uid) != 0) {
        return failed("change the user");
    }
    if (user.uid != 0 && ::setresuid(0, 0, 0) == 0) {
        return base::fail(ErrorCode::internal, Retry::never,
                          "the way back to the old user is open");
    }
    return {};
}

Result<void> keep_supervisor_capabilities()
{
    if (::geteuid() != 0) {
        return {};
    }
    for (int capability = 0;; ++capability) {
        if (::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) < 0) {
            break; // the kernel knows no more
        }
        if (!is_kept(capability) && ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
            return failed("give up a capability");
        }
    }
    std::uint32_t mask = 0;
    for (const int capability : kept) {
        mask |= 1U << static_cast<unsigned>(capability);
    }
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> sets{};
    sets[0] = {mask, mask, 0};
    if (::syscall(SYS_capset, &header, sets.data()) != 0) {
        return failed("give up capabilities");
    }
    return {};
}

} // namespace watchpost::os
