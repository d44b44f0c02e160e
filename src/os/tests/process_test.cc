#include "os/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

namespace watchpost::os {
namespace {

using std::chrono::seconds;

base::Deadline soon()
{
    return std::chrono::steady_clock::now() + seconds{60};
}

base::Deadline at_once()
{
    return std::chrono::steady_clock::now();
}

Process shell(const std::string& script, std::vector<int> fds = {},
              std::vector<std::string> environment = {"PATH=/usr/bin:/bin"})
{
    return Process::spawn({"/bin/sh", {"sh", "-c", script}, std::move(environment), std::move(fds)})
        .value();
}

struct Pipe {
    Pipe()
    {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
        read_end.reset(ends[0]);
        write_end.reset(ends[1]);
    }

    std::string read_all()
    {
        write_end.reset();
        std::string text;
        std::array<char, 256> buffer{};
        for (ssize_t n = 0; (n = ::read(read_end.get(), buffer.data(), buffer.size())) > 0;) {
            text.append(buffer.data(), static_cast<std::size_t>(n));
        }
        return text;
    }

    UniqueFd read_end;
    UniqueFd write_end;
};

TEST(Process, TheExitCodeIsReported)
{
    auto process = shell("exit 7");
    const auto status = process.wait(soon());
    ASSERT_TRUE(status);
    EXPECT_FALSE(status->by_signal);
    EXPECT_EQ(status->describe(), "exit code 7");
}

TEST(Process, TheSignalThatEndedItIsReported)
{
    auto process = shell("kill -SEGV $$");
    const auto status = process.wait(soon());
    ASSERT_TRUE(status);
    EXPECT_TRUE(status->by_signal);
    EXPECT_EQ(status->describe(), "signal 11 (Segmentation fault)");
}

TEST(Process, AStatusMayBeAskedForAgain)
{
    auto process = shell("exit 7");
    ASSERT_TRUE(process.wait(soon()));
    EXPECT_EQ(process.wait(at_once())->value, 7);
}

TEST(Process, AProgramThatIsNotThereIsAnError)
{
    const auto process = Process::spawn({"/nonexistent/program", {"program"}, {}, {}});
    ASSERT_FALSE(process);
    EXPECT_EQ(process.error().code(), base::ErrorCode::not_found);
}

TEST(Process, AKilledProcessEnds)
{
    auto process = shell("exec sleep 1000");
    EXPECT_FALSE(process.wait(at_once()));
    process.kill();
    EXPECT_EQ(process.wait(soon())->value, SIGKILL);
}

TEST(Process, DroppingAProcessEndsIt)
{
    pid_t pid = -1;
    {
        const auto process = shell("exec sleep 1000");
        pid = process.pid();
    }
    EXPECT_EQ(::kill(pid, 0), -1); // and is reaped: nothing of that number is left
}

TEST(Process, ItHasTheDescriptorsThatWereGivenAndNoOthers)
{
    Pipe out;
    const UniqueFd other{::open("/", O_RDONLY)}; // not close-on-exec
    auto process = shell("i=0; while [ $i -lt 50 ]; do [ -e /proc/$$/fd/$i ] && echo $i; "
                         "i=$((i + 1)); done",
                         {-1, out.write_end.get(), -1, out.read_end.get()});
    ASSERT_TRUE(process.wait(soon()));
    EXPECT_EQ(out.read_all(), "0\n1\n2\n3\n");
}

TEST(Process, DescriptorsMayChangeNumbersCrosswise)
{
    Pipe first;
    Pipe second;
    // Numbers of ours that are also numbers of the child's.
    const UniqueFd three{::fcntl(first.write_end.get(), F_DUPFD_CLOEXEC, 3)};
    std::vector<int> fds(static_cast<std::size_t>(three.get()) + 1, -1);
    fds[1] = three.get();
    fds[static_cast<std::size_t>(three.get())] = second.write_end.get();
    auto process = shell("echo one; echo two >&" + std::to_string(three.get()), fds);
    ASSERT_TRUE(process.wait(soon()));
    fds.clear();
    EXPECT_EQ(second.read_all(), "two\n");
}

TEST(Process, ItsEnvironmentIsTheOneGiven)
{
    ::setenv("WATCHPOST_TEST_SECRET", "1", 1);
    Pipe out;
    auto process = Process::spawn({"/usr/bin/env", {"env"}, {"A=b"}, {-1, out.write_end.get()}});
    ASSERT_TRUE(process);
    ASSERT_TRUE(process->wait(soon()));
    EXPECT_EQ(out.read_all(), "A=b\n");
}

TEST(Process, SignalsThatWeIgnoreOrBlockEndItAllTheSame)
{
    std::signal(SIGXCPU, SIG_IGN);
    auto process = shell("kill -XCPU $$; exit 0");
    std::signal(SIGXCPU, SIG_DFL);
    EXPECT_EQ(process.wait(soon())->value, SIGXCPU);
}

TEST(Process, ItsProcessorTimeIsBounded)
{
    auto process = shell("while :; do :; done");
    ASSERT_TRUE(process.allow_cpu_time(seconds{0}));
    const auto status = process.wait(soon());
    ASSERT_TRUE(status);
    EXPECT_EQ(status->value, SIGXCPU);
}

TEST(Process, ItsMemoryIsTold)
{
    auto process = shell("exec sleep 1000");
    EXPECT_GT(process.resident_bytes(), 0U);
    process.kill();
    ASSERT_TRUE(process.wait(soon()));
    EXPECT_EQ(process.resident_bytes(), 0U);
}

} // namespace
} // namespace watchpost::os
