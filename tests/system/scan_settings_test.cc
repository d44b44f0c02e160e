// What an operator who got something wrong reads from `watchpost scan`, and what a terminal gets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scan_fixture.h"

namespace watchpost::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(ScanSettings, ABrokenRuleFileStopsTheScanWithTheCompilersWords)
{
    const TempDir folder;
    const auto rules = folder.write("broken.yar", "rule a {\n  condition:\n    nonsense\n}\n");
    const auto result = scan({"--yara", rules.native(), "-"}, "Subject: x\r\n\r\n");
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr("broken.yar"));
    EXPECT_THAT(result.err, HasSubstr("3"));
    EXPECT_THAT(result.err, HasSubstr("undefined identifier"));
}

TEST(ScanSettings, AMissingRuleFileIsNamed)
{
    const auto result = scan({"--yara", "/nonexistent/r.yar", "-"}, "Subject: x\r\n\r\n");
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.err, HasSubstr("/nonexistent/r.yar"));
}

TEST(ScanSettings, AWrongSettingsFileIsNamedWithLineKeyAndRemedy)
{
    const TempDir folder;
    const auto settings = folder.write("w.toml", "[engines]\nyarra = true\n");
    const auto result = scan({"--config", settings.native(), "-"}, "Subject: x\r\n\r\n");
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.err,
                HasSubstr("w.toml:2: unknown key engines.yarra; did you mean engines.yara?"));
}

TEST(ScanSettings, AMissingPasswordFileIsNamed)
{
    const auto result = scan({"--password-file", "/nonexistent/p", "-"}, "Subject: x\r\n\r\n");
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.err, HasSubstr("/nonexistent/p"));
}

TEST(ScanSettings, CopiesAreReadAsItIsAskedFor)
{
    const std::string forward =
        std::string{WATCHPOST_SOURCE_DIR} + "/tests/fixtures/copies/forward-as-attachment.eml";
    const auto sender = [&](const char* copies) {
        const auto line = scan_json({"--copies", copies, forward}).lines.at(0);
        return line.at("message").at("sender").at("email").at("email").get<std::string>();
    };
    EXPECT_EQ(sender("auto"), "bob@corp.example");
    EXPECT_EQ(sender("attached"), "dave@partner.example");
    const auto result = scan({"--copies", "sideways", "-"}, "Subject: x\r\n\r\n");
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.err, HasSubstr("auto,plain,journal,redirected,attached"));
}

TEST(ScanSettings, AnUnknownOptionIsAFailureAndNotAPartialInspection)
{
    const auto result = scan({"--jsn", "-"});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.err, HasSubstr("--jsn"));
    EXPECT_THAT(result.err, HasSubstr("--help"));
}

TEST(ScanSettings, NothingToInspectIsAFailure)
{
    EXPECT_EQ(scan({}).exit_code, 3);
    EXPECT_THAT(scan({}).err, HasSubstr("give messages, folders or -"));
}

TEST(ScanSettings, HelpNamesEveryOptionAndTheExitCodes)
{
    const auto result = run_program({watchpost_program(), "scan", "--help"});
    EXPECT_EQ(result.exit_code, 0);
    for (const auto* word : {"--json", "--config", "--clamd", "--yara", "--password-file",
                             "--spool", "--inspectors", "Exit code"}) {
        EXPECT_THAT(result.out, HasSubstr(word));
    }
}

TEST(ScanTerminal, HostileNamesReachItQuoted)
{
    const auto zip = make_zip({{"\x1b]0;owned\x07"
                                "eicar.com",
                                eicar()}});
    const auto message = make_message({attachment_part("a.zip", zip)}, "\x1b[2Jsubject");
    const TempDir folder;
    const auto file = folder.write("n\x1b[31m.eml", message);
    const auto result = scan({file.native(), (folder / "gone\x1b[1m").native()});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.out, HasSubstr("DETECTED, importance high"));
    EXPECT_EQ((result.out + result.err).find('\x1b'), std::string::npos)
        << result.out << result.err;
    EXPECT_EQ(result.out.find('\x07'), std::string::npos);
}

TEST(ScanTerminal, TextTellsEachMessageAndASummary)
{
    const TempDir folder;
    folder.write("a.eml", make_message({text_part("hi")}));
    folder.write("b.eml", make_message({attachment_part("e.com", eicar())}));
    const auto result = scan({folder.path().native()});
    EXPECT_THAT(result.out, StartsWith(folder.path().native() + "/a.eml: clean\n"));
    EXPECT_THAT(result.out, HasSubstr("/b.eml: DETECTED, importance high\n"));
    EXPECT_THAT(result.out, HasSubstr("What to do: "));
    EXPECT_THAT(result.out, HasSubstr("2 messages: 1 detected, 1 clean.\n"));
    EXPECT_THAT(result.err, Not(HasSubstr("inspected,"))) << "progress is for terminals";
}

} // namespace
} // namespace watchpost::test
