// `watchpost scan` beside a real clamd, and beside none where one is wanted.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scan_fixture.h"
#include "support/clamd.h"

namespace watchpost::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

TEST(ScanClamav, WantedButNotThereMakesEveryInspectionPartial)
{
    const TempDir folder;
    const auto result = scan_json({"--clamd", (folder / "none.ctl").native(), "-"},
                                  make_message({text_part("hi")}));
    EXPECT_EQ(result.exit_code, 2);
    const auto& line = result.lines.at(0);
    EXPECT_EQ(line.at("verdict"), "clean");
    EXPECT_THAT(gaps_of(line), Contains("engine_unavailable "));
    EXPECT_EQ(line.at("not_inspected").at(0).at("engine"), "clamav");
    EXPECT_THAT(line.at("not_inspected").at(0).at("detail").get<std::string>(),
                HasSubstr("none.ctl"));
}

TEST(ScanClamav, LeftAloneWhereNoSocketIsAndSaidOnceInText)
{
    const TempDir folder;
    const auto settings = folder.write("w.toml", "[clamav]\nsocket = \"none.ctl\"\n");
    const auto mail = folder.write("a.eml", make_message({text_part("hi")}));
    const auto result = scan({"--config", settings.native(), mail.native(), mail.native()});
    EXPECT_EQ(result.exit_code, 0);
    const auto note = result.err.find("ClamAV is not asked");
    ASSERT_NE(note, std::string::npos) << result.err;
    EXPECT_EQ(result.err.find("ClamAV is not asked", note + 1), std::string::npos);
}

TEST(ScanClamav, FindsInLeavesWhatOnlyClamdKnows)
{
    if (!Clamd::is_installed()) {
        GTEST_SKIP() << "clamd is not installed (Debian: clamav-daemon)";
    }
    const TempDir signatures;
    signatures.write(
        "ours.ndb",
        "Watchpost.Test.Marker:0:*:6f6e6c7920636c616d64206b6e6f7773\n"); // "only clamd knows"
    std::filesystem::permissions(signatures.path(), std::filesystem::perms{0755});
    std::filesystem::permissions(signatures / "ours.ndb", std::filesystem::perms{0644});
    const Clamd clamd{signatures.path()};
    ASSERT_TRUE(clamd.is_ready()) << clamd.log();
    const auto zip = make_zip({{"a.txt", "what only clamd knows"}});
    const auto result =
        scan_json({"--clamd", clamd.socket().native(), "-"},
                  make_message({attachment_part("a.zip", make_zip({{"b.zip", zip}}))}));
    EXPECT_EQ(result.exit_code, 1) << result.out;
    EXPECT_THAT(findings_of(result.lines.at(0)), Contains("clamav.signature 1!b.zip!a.txt"));
    EXPECT_EQ(result.lines.at(0).at("inspected"), "full");
}

} // namespace
} // namespace watchpost::test
