#include "os/user.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace watchpost::os {
namespace {

/// In a child of its own: there is no way back.
int exit_code_of(const std::function<int()>& work)
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::_exit(work());
    }
    int status = 0;
    EXPECT_EQ(::waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(User, IsFoundByNameAndByFigures)
{
    EXPECT_EQ(find_user("root").value(), (User{0, 0}));
    EXPECT_EQ(find_user("61001:61002").value(), (User{61'001, 61'002}));
    EXPECT_EQ(find_user("no-such-user").error().code(), base::ErrorCode::not_found);
    EXPECT_FALSE(find_user("61001:"));
    EXPECT_FALSE(find_user("61001:x"));
}

TEST(User, BecomingAnotherOneHasNoWayBack)
{
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root can become another user";
    }
    EXPECT_EQ(exit_code_of([] {
                  if (!become({61'001, 61'002}) || current_user() != User{61'001, 61'002}) {
                      return 1;
                  }
                  return ::getgroups(0, nullptr) == 0 && ::setuid(0) != 0 ? 0 : 2;
              }),
              0);
}

TEST(User, BecomingWhoOneIsNeedsNoRight)
{
    EXPECT_TRUE(become(current_user()));
}

TEST(User, OfRootsCapabilitiesThreeAreKept)
{
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root has capabilities to give up";
    }
    EXPECT_EQ(exit_code_of([] {
                  if (!keep_supervisor_capabilities()) {
                      return 1;
                  }
                  const bool may_chroot = ::chroot("/") == 0;
                  return !may_chroot && become({61'001, 61'002}) ? 0 : 2;
              }),
              0);
}

} // namespace
} // namespace watchpost::os
