// An inspector does not outlive the pipeline, even one that is busy and never looks at its channel.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "pool_fixture.h"

namespace watchpost::pipeline {
namespace {

constexpr int patience_ms = 60'000;

/// Tells by a pipe that the inspector is at work.
class Bell final : public inspect::LeafScanner {
public:
    explicit Bell(int fd) : fd_{fd} {}
    [[nodiscard]] std::string_view name() const noexcept override { return "clamav"; }
    [[nodiscard]] base::Result<std::string> scan(int file, base::Deadline /*deadline*/) override
    {
        const bool is_leaf = ::lseek(file, 0, SEEK_END) == 4; // "leaf", not the message
        if (is_leaf && ::write(fd_, "!", 1) != 1) {
            ::_exit(1);
        }
        return std::string{};
    }
    [[nodiscard]] base::Result<std::string> version(base::Deadline /*deadline*/) override
    {
        return std::string{};
    }

private:
    int fd_;
};

[[noreturn]] void be_a_pipeline(int bell)
{
    auto settings = misbehaving();
    settings.inspector.make_scanners = [bell] {
        std::vector<std::unique_ptr<inspect::LeafScanner>> scanners;
        scanners.push_back(std::make_unique<Bell>(bell));
        return scanners;
    };
    const auto pool = make_pool(std::move(settings));
    order(*pool, "export a leaf and hang");
    ::_exit(1);
}

/// The one child of any of its threads.
pid_t child_of(pid_t parent)
{
    const std::string tasks = "/proc/" + std::to_string(parent) + "/task";
    for (const auto& task : std::filesystem::directory_iterator{tasks}) {
        std::ifstream children{task.path() / "children"};
        if (pid_t child = 0; children >> child) {
            return child;
        }
    }
    return -1;
}

TEST(Orphan, ABusyInspectorEndsWithThePipeline)
{
    std::array<int, 2> bell{};
    ASSERT_EQ(::pipe2(bell.data(), O_CLOEXEC), 0);
    const pid_t parent = ::fork();
    if (parent == 0) {
        be_a_pipeline(bell[1]);
    }
    pollfd ring{bell[0], POLLIN, 0};
    ASSERT_EQ(::poll(&ring, 1, patience_ms), 1);
    const pid_t inspector = child_of(parent);
    if (inspector < 0) {
        ::kill(parent, SIGKILL);
        GTEST_SKIP() << "this kernel does not list the children of a process";
    }
    const os::UniqueFd watch{static_cast<int>(::syscall(SYS_pidfd_open, inspector, 0))};
    ASSERT_TRUE(watch.is_open());
    ASSERT_EQ(::kill(parent, SIGKILL), 0);
    ASSERT_EQ(::waitpid(parent, nullptr, 0), parent);
    pollfd end{watch.get(), POLLIN, 0};
    EXPECT_EQ(::poll(&end, 1, patience_ms), 1);
}

} // namespace
} // namespace watchpost::pipeline
