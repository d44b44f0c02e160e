// A program behind the walls: each test forks a child that closes its sandbox around a real
// program, tries, and tells by its exit code.
#include "os/piped_program.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "os/memfd.h"
#include "os/pinned_program.h"
#include "os/sandbox.h"
#include "support/temp_dir.h"

namespace watchpost::os {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr int no_sandbox = 250;
constexpr int as_wanted = 0;

struct Inside {
    int program_fd;
    int input_fd;
};
using Attempt = int (*)(const Inside&);

/// The raw wait status of a child that tries this with `program` allowed.
int inside(const char* program, Attempt attempt)
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        const auto pinned = pin_program(program);
        const auto input = make_sealed_memfd("input", base::as_bytes("hostile bytes"));
        SandboxSettings walls;
        walls.channel_fd = 100;
        walls.data_bytes_max = std::uint64_t{256} << 20U;
        walls.file_bytes_max = 1 << 20;
        walls.memory_files = MemoryFiles::allowed;
        walls.program_fd = pinned ? pinned->get() : -1;
        const bool is_ready = pinned && input && close_sandbox(walls);
        ::_exit(is_ready ? attempt({pinned->get(), input->get()}) : no_sandbox);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(pid, &status, 0), pid);
    return status;
}

base::Result<PipedProgram> start(const Inside& inside, std::vector<std::string> arguments)
{
    PipedProgram::Order order;
    order.program_fd = inside.program_fd;
    order.arguments = std::move(arguments);
    order.environment = {"LC_ALL=C"};
    order.input_fd = inside.input_fd;
    order.line = "a line\n";
    order.cpu_time_max = 5s;
    return PipedProgram::start(order);
}

std::string output_of(PipedProgram& program)
{
    std::string text;
    for (;;) {
        const auto bytes = program.read(steady_clock::now() + 20s);
        if (!bytes || bytes->empty()) {
            return text;
        }
        text += base::as_text(*bytes);
    }
}

bool ends_with_code(PipedProgram& program, bool is_success)
{
    const auto status = program.wait(steady_clock::now() + 20s);
    return status && !status->by_signal && (status->value == 0) == is_success;
}

TEST(PipedProgram, ItReadsItsInputAndItsLine)
{
    const auto status = inside("/usr/bin/cat", [](const Inside& in) {
        auto program = start(in, {"cat", "/proc/self/fd/3", "-"});
        const bool is_right = program && output_of(*program) == "hostile bytesa line\n" &&
                              ends_with_code(*program, true);
        return is_right ? as_wanted : 1;
    });
    EXPECT_EQ(status, as_wanted);
}

TEST(PipedProgram, ItReadsNoFileOfTheMachine)
{
    const auto status = inside("/usr/bin/cat", [](const Inside& in) {
        auto program = start(in, {"cat", "/etc/passwd", "/proc/self/environ", "/etc/hostname"});
        const bool is_right = program && output_of(*program).empty() &&
                              ends_with_code(*program, false) &&
                              program->complaints().find("ermission denied") != std::string::npos;
        return is_right ? as_wanted : 1;
    });
    EXPECT_EQ(status, as_wanted);
}

TEST(PipedProgram, ItWritesNoFile)
{
    const auto status = inside("/usr/bin/tee", [](const Inside& in) {
        auto program = start(in, {"tee", "/tmp/watchpost-must-not-exist"});
        const bool is_right =
            program && output_of(*program) == "a line\n" && ends_with_code(*program, false);
        return is_right ? as_wanted : 1;
    });
    EXPECT_EQ(status, as_wanted);
    EXPECT_FALSE(std::filesystem::exists("/tmp/watchpost-must-not-exist"));
}

TEST(PipedProgram, ItRunsNoOtherProgram)
{
    const auto status = inside("/usr/bin/env", [](const Inside& in) {
        auto program = start(in, {"env", "/usr/bin/cat", "/proc/self/fd/3"});
        static_cast<void>(program ? output_of(*program) : "");
        const auto end = program ? program->wait(steady_clock::now() + 20s)
                                 : base::fail(base::system_error("start", 0));
        return end && end->by_signal && end->value == SIGSYS ? as_wanted : 1;
    });
    EXPECT_EQ(status, as_wanted);
}

TEST(PipedProgram, ItStartsNoOtherProcess)
{
    const auto status = inside("/usr/bin/dash", [](const Inside& in) {
        auto program = start(in, {"dash", "-c", "echo first; (echo other)"});
        const bool is_right = program && output_of(*program) == "first\n" &&
                              ends_with_code(*program, false) &&
                              program->complaints().find("fork") != std::string::npos;
        return is_right ? as_wanted : 1;
    });
    EXPECT_EQ(status, as_wanted);
}

TEST(PipedProgram, AHangEndsAtTheDeadline)
{
    const auto status = inside("/usr/bin/sleep", [](const Inside& in) {
        auto program = start(in, {"sleep", "1000"});
        const auto bytes =
            program ? program->read(steady_clock::now()) : base::fail(program.error());
        return !bytes && bytes.error().code() == base::ErrorCode::timed_out ? as_wanted : 1;
    });
    EXPECT_EQ(status, as_wanted);
}

TEST(PipedProgram, AnEndlessOutputCanBeLeft)
{
    const auto status = inside("/usr/bin/yes", [](const Inside& in) {
        auto program = start(in, {"yes"});
        const auto bytes =
            program ? program->read(steady_clock::now() + 20s) : base::fail(program.error());
        return bytes && !bytes->empty() ? as_wanted : 1; // and its end kills the program
    });
    EXPECT_EQ(status, as_wanted);
}

TEST(PinProgram, WhatOthersMayReplaceIsRefused)
{
    const test::TempDir folder;
    const auto path = folder.write("program", "#!");
    EXPECT_EQ(pin_program(path).error().code(), base::ErrorCode::invalid_argument); // not to be run
    ::chmod(path.c_str(), 0777);
    EXPECT_EQ(pin_program(path).error().code(), base::ErrorCode::invalid_argument);
    EXPECT_EQ(pin_program("usr/bin/cat").error().code(), base::ErrorCode::invalid_argument);
    EXPECT_EQ(pin_program("/usr/bin").error().code(), base::ErrorCode::invalid_argument);
    EXPECT_EQ(pin_program("/nonexistent/7zz").error().code(), base::ErrorCode::not_found);
    EXPECT_TRUE(pin_program("/usr/bin/cat"));
}

} // namespace
} // namespace watchpost::os
