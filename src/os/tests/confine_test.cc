#include "os/confine.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace watchpost::os {
namespace {

int exit_code_of(const std::function<int()>& work)
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        ::_exit(work());
    }
    int status = 0;
    EXPECT_EQ(::waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Confine, AFolderThatIsNotThereIsAnErrorOrThereIsNoLandlock)
{
    EXPECT_EQ(exit_code_of([] {
                  Confinement confinement;
                  confinement.may_write = {"/no/such/folder"};
                  const auto measures = confine(confinement);
                  if (!measures) {
                      return measures.error().code() == base::ErrorCode::not_found ? 0 : 1;
                  }
                  return measures->front().state == Measure::State::absent ? 0 : 2;
              }),
              0);
}

TEST(Confine, SaysWhatIsInForce)
{
    EXPECT_EQ(exit_code_of([] {
                  const auto measures = confine({});
                  return measures && measures->size() == 2 && measures->back().name == "seccomp" &&
                                 measures->back().state == Measure::State::in_force
                             ? 0
                             : 1;
              }),
              0);
}

TEST(Confine, MayBeDoneTwice)
{
    EXPECT_EQ(exit_code_of([] { return confine({}) && confine({}) ? 0 : 1; }), 0);
}

} // namespace
} // namespace watchpost::os
