#include <gtest/gtest.h>

#include "support/program.h"

namespace watchpost::test {
namespace {

TEST(CommandLine, HelpListsTheCommandsOnStandardOutput)
{
    const auto result = run_program({watchpost_program(), "--help"});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_NE(result.out.find("version"), std::string::npos);
}

TEST(CommandLine, AnUnknownCommandIsNamedAndExitsWithTwo)
{
    const auto result = run_program({watchpost_program(), "colect"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.err,
              "watchpost: there is no command 'colect'; `watchpost --help` lists them\n");
}

} // namespace
} // namespace watchpost::test
