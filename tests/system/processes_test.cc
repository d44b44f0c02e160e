// The command, and the product's own inspector: what it may be told by anybody who starts it.
#include <gtest/gtest.h>

#include "support/program.h"

namespace watchpost::test {
namespace {

ProgramResult processes()
{
    return run_program({watchpost_program(), "processes"});
}

TEST(Processes, TheTableAndTheSandboxArePrinted)
{
    const auto result = processes();
    EXPECT_EQ(result.exit_code, 0) << result.err;
    for (const char* expected :
         {"collector", "pipeline", "inspector", "hostile bytes  everything", "seccomp", "Landlock",
          "no new privileges", "capabilities", "resource limits", "time"}) {
        EXPECT_NE(result.out.find(expected), std::string::npos) << expected;
    }
}

TEST(Processes, ASandboxThatIsClosedNamesNoWallAsMissingButPerhapsLandlock)
{
    const std::string text = processes().out;
    for (std::size_t at = text.find(" absent "); at != std::string::npos;
         at = text.find(" absent ", at + 1)) {
        const std::size_t line = text.rfind('\n', at) + 1;
        EXPECT_EQ(text.substr(line, 10), "  Landlock") << text.substr(line, at - line);
    }
}

TEST(Processes, AnUnknownArgumentIsRefused)
{
    const auto result = run_program({watchpost_program(), "processes", "--all"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_NE(result.err.find("Usage"), std::string::npos);
}

TEST(Processes, AnInspectorThatNobodyStartedSaysSoAndEnds)
{
    const auto result = run_program({watchpost_program(), "inspector"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_NE(result.err.find("started by"), std::string::npos);
}

TEST(Processes, TheInspectorIsNotInTheHelp)
{
    const auto result = run_program({watchpost_program(), "--help"});
    EXPECT_NE(result.out.find("  processes"), std::string::npos);
    EXPECT_EQ(result.out.find("\n  inspector "), std::string::npos);
}

} // namespace
} // namespace watchpost::test
