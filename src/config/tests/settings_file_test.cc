#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/settings_file.h"
#include "support/temp_dir.h"

namespace watchpost::config {
namespace {

using ::testing::HasSubstr;

std::string refusal(std::string_view text)
{
    const auto settings = parse_settings(text, "/etc/w/w.toml");
    return settings ? "accepted" : settings.error().describe();
}

TEST(SettingsFile, AnEmptyFileLeavesEveryDefault)
{
    const auto settings = parse_settings("", "w.toml");
    ASSERT_TRUE(settings);
    EXPECT_TRUE(settings->engines.attachment);
    EXPECT_EQ(settings->engines.clamav, Switch::automatic);
    EXPECT_EQ(settings->unpack_limits.members_max, 10'000U);
}

TEST(SettingsFile, ValuesOfEveryKindAreTaken)
{
    const auto settings = parse_settings("[engines]\nyara = false\nclamav = \"on\"\n"
                                         "[yara]\nrule_files = [\"a.yar\", \"/b.yar\"]\n"
                                         "[archives]\npasswords = [\"infected\"]\n"
                                         "[clamav]\nsocket = \"run/clamd\"\n"
                                         "[limits.unpack]\nmembers_max = 5\n",
                                         "/etc/w/w.toml");
    ASSERT_TRUE(settings) << settings.error().describe();
    EXPECT_FALSE(settings->engines.yara);
    EXPECT_EQ(settings->engines.clamav, Switch::on);
    EXPECT_EQ(settings->archives.passwords, std::vector<std::string>{"infected"});
    EXPECT_EQ(settings->unpack_limits.members_max, 5U);
}

TEST(SettingsFile, RelativePathsAreTakenFromTheFilesFolder)
{
    const auto settings = parse_settings("[yara]\nrule_files = [\"a.yar\", \"/b.yar\"]\n"
                                         "[clamav]\nsocket = \"run/clamd\"\n",
                                         "/etc/w/w.toml");
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->yara.rule_files.at(0), "/etc/w/a.yar");
    EXPECT_EQ(settings->yara.rule_files.at(1), "/b.yar");
    EXPECT_EQ(settings->clamav.socket, "/etc/w/run/clamd");
}

TEST(SettingsFile, AMistypedKeyIsNamedWithFileLineAndWhatWasMeant)
{
    EXPECT_EQ(
        refusal("[engines]\n\nyarra = true\n"),
        "read the settings: invalid_argument: /etc/w/w.toml:3: unknown key engines.yarra; did "
        "you mean engines.yara? (`watchpost settings` lists all keys)");
}

TEST(SettingsFile, AnUnknownSectionIsRefused)
{
    EXPECT_THAT(refusal("[bogus]\nx = 1\n"), HasSubstr(":1: unknown key bogus; remove it"));
    EXPECT_THAT(refusal("[limits]\n[limits.bogus]\nx = 1\n"),
                HasSubstr(":2: unknown key limits.bogus"));
}

TEST(SettingsFile, ASectionThatIsNoTableIsRefused)
{
    EXPECT_THAT(refusal("engines = 3\n"), HasSubstr(":1: unknown key engines"));
}

TEST(SettingsFile, EachKindOfWrongValueNamesTheKeyAndWhatFits)
{
    EXPECT_THAT(refusal("[engines]\nyara = 1\n"),
                HasSubstr(":2: engines.yara must be true or false"));
    EXPECT_THAT(refusal("[engines]\nclamav = \"maybe\"\n"),
                HasSubstr("must be \"on\", \"off\" or"));
    EXPECT_THAT(refusal("[clamav]\nsocket = 3\n"), HasSubstr("clamav.socket must be a path"));
    EXPECT_THAT(refusal("[yara]\nrule_files = \"a.yar\"\n"), HasSubstr("must be a list, as in"));
    EXPECT_THAT(refusal("[yara]\nrule_files = [\n\"a\",\n3]\n"),
                HasSubstr(":4: each element of yara.rule_files"));
}

TEST(SettingsFile, NumbersOutsideTheirRangeAreRefused)
{
    constexpr auto message = "limits.unpack.depth_max must be a whole number from 1 to 64";
    EXPECT_THAT(refusal("[limits.unpack]\ndepth_max = 0\n"), HasSubstr(message));
    EXPECT_THAT(refusal("[limits.unpack]\ndepth_max = 65\n"), HasSubstr(message));
    EXPECT_THAT(refusal("[limits.unpack]\ndepth_max = -1\n"), HasSubstr(message));
    EXPECT_THAT(refusal("[limits.unpack]\ndepth_max = 1.5\n"), HasSubstr(message));
    EXPECT_EQ(refusal("[limits.unpack]\ndepth_max = 64\n"), "accepted");
}

TEST(SettingsFile, BrokenTomlNamesTheLine)
{
    EXPECT_THAT(refusal("[engines]\nyara = \n"), HasSubstr("/etc/w/w.toml:2: not TOML: "));
}

TEST(SettingsFile, ControlCharactersOfTheFileDoNotReachTheMessage)
{
    EXPECT_THAT(refusal("\"a\\u001b[2J\" = 1\n"), HasSubstr("unknown key a\\x1b[2J"));
}

TEST(SettingsFile, AMissingFileIsNamed)
{
    const auto settings = read_settings_file("/nonexistent/w.toml");
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().code(), base::ErrorCode::not_found);
    EXPECT_THAT(settings.error().describe(), HasSubstr("/nonexistent/w.toml"));
}

TEST(SettingsFile, AFileOfMoreThanAMebibyteIsRefused)
{
    const test::TempDir folder;
    const auto file = folder.write("w.toml", std::string((std::size_t{1} << 20U) + 1, '#'));
    const auto settings = read_settings_file(file);
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().code(), base::ErrorCode::limit_exceeded);
}

} // namespace
} // namespace watchpost::config
