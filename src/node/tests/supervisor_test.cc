#include "node/supervisor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <csignal>

#include "os/unique_fd.h"
#include "support/temp_dir.h"

namespace watchpost::node {
namespace {

ChildPlan shell(const std::string& name, const std::string& script)
{
    return {name, {"/bin/sh", {"sh", "-c", script}, {"PATH=/usr/bin:/bin"}, {-1, -1, -1}}};
}

/// A supervisor whose log goes nowhere, and which stops when `is_enough` says so.
class Bench {
public:
    using IsEnough = std::function<bool(const std::vector<ChildStatus>&)>;

    int run(std::vector<ChildPlan> children, const IsEnough& is_enough)
    {
        Supervisor supervisor{std::move(children), log_, [&](const auto& seen) {
                                  last = seen;
                                  if (is_enough(seen)) {
                                      ::eventfd_write(stop_.get(), 1);
                                  }
                              }};
        return supervisor.run(stop_.get());
    }

    std::vector<ChildStatus> last;

private:
    os::UniqueFd null_{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    os::UniqueFd stop_{::eventfd(0, EFD_CLOEXEC)};
    diag::Log log_{"supervisor", null_.get()};
};

TEST(Supervisor, StartsAllAndEndsThemWhenAsked)
{
    Bench bench;
    const auto all_run = [](const auto& seen) {
        return seen[0].state == ChildState::running && seen[1].state == ChildState::running;
    };
    EXPECT_EQ(bench.run({shell("control", "exec sleep 1000"), shell("pipeline", "exec sleep 1000")},
                        all_run),
              0);
    EXPECT_GT(bench.last[0].pid, 0);
    EXPECT_NE(::kill(bench.last[0].pid, 0), 0);
    EXPECT_NE(::kill(bench.last[1].pid, 0), 0);
}

TEST(Supervisor, StartsAgainWhatEnds)
{
    Bench bench;
    const test::TempDir folder;
    const auto marker = (folder / "was_here").string();
    const auto is_back = [](const auto& seen) {
        return seen[0].restarts == 1 && seen[0].state == ChildState::running;
    };
    EXPECT_EQ(
        bench.run({shell("control", "if [ -e " + marker + " ]; then exec sleep 1000; fi; : > " +
                                        marker + "; kill -SEGV $$")},
                  is_back),
        0);
    EXPECT_NE(bench.last[0].last_exit.find("signal 11"), std::string::npos);
}

TEST(Supervisor, EndsWithAChildThatRefuses)
{
    Bench bench;
    const auto never = [](const auto&) { return false; };
    EXPECT_EQ(
        bench.run({shell("control", "exit 78"), shell("collector", "exec sleep 1000")}, never),
        exit_refused);
}

} // namespace
} // namespace watchpost::node
