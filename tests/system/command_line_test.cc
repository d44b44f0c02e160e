#include <ostream>
#include <string>
#include <vector>

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

struct Wrong {
    std::vector<std::string> typed;
    std::string said;
};

// The name is the one that GoogleTest looks for.
void PrintTo(const Wrong& wrong, std::ostream* out) // NOLINT(readability-identifier-naming)
{
    for (const auto& word : wrong.typed) {
        *out << word << ' ';
    }
}

class WrongOptions : public testing::TestWithParam<Wrong> {};

TEST_P(WrongOptions, AreOneLineThatSaysWhatHelpsAndExitWithTwo)
{
    auto command = GetParam().typed;
    command.insert(command.begin(), watchpost_program());
    const auto result = run_program(command);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.err, GetParam().said + "\n");
    EXPECT_EQ(result.out, "");
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, WrongOptions,
    testing::Values(
        Wrong{{"check", "pop3", "--server", "h", "--user", "u", "--tls", "none", "--pin", "00"},
              "watchpost check pop3: invalid_argument: --pin: with --tls none everything goes in "
              "clear, and nothing is checked; leave one of the two out"},
        Wrong{{"check", "pop3", "--server", "h", "--user", "u", "--proxy-password-file", "p"},
              "watchpost check pop3: invalid_argument: --proxy-password-file: there is no --proxy "
              "to give it to"},
        Wrong{{"status", "--nope"},
              "watchpost status: The following argument was not expected: --nope; "
              "`watchpost status --help` tells the options"},
        Wrong{{"status", "--state"},
              "watchpost status: --state: 1 required FOLDER missing; "
              "`watchpost status --help` tells the options"},
        Wrong{{"admin"},
              "watchpost admin: name one of its commands: reset-password; "
              "`watchpost admin --help` tells the options"},
        Wrong{{"admin", "reset"},
              "watchpost admin: \"reset\" is none of its commands: reset-password; "
              "`watchpost admin --help` tells the options"},
        Wrong{{"admin", "reset-password"},
              "watchpost admin reset-password: USER is required; "
              "`watchpost admin reset-password --help` tells the options"},
        Wrong{{"admin", "reset-password", "a", "b"},
              "watchpost admin reset-password: The following argument was not expected: b; "
              "`watchpost admin reset-password --help` tells the options"},
        Wrong{{"spool", "lost"},
              "watchpost spool: \"lost\" is none of its commands: list, export, check; "
              "`watchpost spool --help` tells the options"}));

TEST(CommandLine, HelpOfACommandSaysItsExitCodes)
{
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"status"}, {"admin"}, {"admin", "reset-password"}, {"serve"}}) {
        std::vector<std::string> command{watchpost_program()};
        command.insert(command.end(), words.begin(), words.end());
        command.emplace_back("--help");
        const auto result = run_program(command);
        EXPECT_EQ(result.exit_code, 0) << words.back();
        EXPECT_NE(result.out.find("Exit code: 0"), std::string::npos) << result.out;
        EXPECT_EQ(result.err, "") << words.back();
    }
}

} // namespace
} // namespace watchpost::test
