// Where the messages of a scan come from, in which order results come, and the exit code.
#include <sys/stat.h>

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scan_fixture.h"

namespace watchpost::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string clean_message()
{
    return make_message({text_part("hi")});
}

std::string bad_message()
{
    return make_message({attachment_part("e.com", eicar())});
}

std::string partial_message()
{
    return make_message(
        {attachment_part("a.zip", make_zip({{"a", std::string(3000, 'a')}}).substr(0, 900))});
}

std::vector<std::string> files_of(const ScanResult& result, const TempDir& folder)
{
    std::vector<std::string> files;
    for (const auto& line : result.lines) {
        files.push_back(
            std::filesystem::relative(line.at("file").get<std::string>(), folder.path()).native());
    }
    return files;
}

TEST(ScanInput, AFolderIsWalkedInOrderHiddenFilesTooAndLinksAreNotFollowed)
{
    const TempDir folder;
    const TempDir elsewhere;
    for (const auto* name : {"b/2.eml", "b/1.eml", ".hidden/cur/m", "a.eml"}) {
        folder.write(name, clean_message());
    }
    const auto other = elsewhere.write("x.eml", clean_message());
    std::filesystem::create_symlink(other, folder / "link.eml");
    std::filesystem::create_directory_symlink(elsewhere.path(), folder / "z");
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0); // must not be waited for
    const auto result = scan_json({folder.path().native()});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(files_of(result, folder),
                ElementsAre(".hidden/cur/m", "a.eml", "b/1.eml", "b/2.eml"));
}

TEST(ScanInput, ALinkThatIsNamedIsFollowed)
{
    const TempDir folder;
    folder.write("real.eml", bad_message());
    std::filesystem::create_symlink("real.eml", folder / "link.eml");
    EXPECT_EQ(scan_json({(folder / "link.eml").native()}).exit_code, 1);
}

TEST(ScanInput, ResultsComeInTheOrderOfTheMessagesHoweverManyInspectorsWork)
{
    const TempDir folder;
    std::vector<std::string> expected;
    for (int i = 100; i < 160; ++i) {
        // Every fourth takes much longer, so that later ones are done first.
        const auto size = i % 4 == 0 ? std::size_t{400'000} : std::size_t{10};
        expected.push_back(std::to_string(i) + ".eml");
        folder.write(expected.back(),
                     make_message({attachment_part("a.txt", std::string(size, 'x'))}));
    }
    const auto result = scan_json({"--inspectors", "4", folder.path().native()});
    EXPECT_EQ(files_of(result, folder), expected);
}

TEST(ScanInput, StandardInputIsNamedByAHyphen)
{
    const auto result = scan_json({"-"}, bad_message());
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.lines.at(0).at("file"), "-");
}

TEST(ScanInput, AnEmptyMessageIsAMessage)
{
    const auto result = scan_json({"-"}, "");
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.lines.size(), 1U);
}

TEST(ScanInput, TheLeadingFromLineOfAStoredMessageIsSkipped)
{
    const auto line = scan_message("From alice Thu Jan  1 00:00:00 1970\n" + clean_message());
    EXPECT_EQ(line.at("message").at("subject").at("subject"), "test");
    EXPECT_TRUE(line.at("defects").empty());
}

TEST(ScanInput, AMissingFileIsNamedAndTheOthersAreStillInspected)
{
    const TempDir folder;
    const auto good = folder.write("good.eml", clean_message());
    const auto result = scan_json({(folder / "gone.eml").native(), good.native()});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(files_of(result, folder), ElementsAre("gone.eml", "good.eml"));
    EXPECT_EQ(result.lines.at(0).at("error").at("code"), "not_found");
    EXPECT_EQ(result.lines.at(1).at("verdict"), "clean");
    EXPECT_THAT(result.err, HasSubstr("gone.eml"));
}

TEST(ScanInput, TheExitCodeIsThatOfTheWorstMessage)
{
    const TempDir folder;
    const auto clean = folder.write("clean.eml", clean_message()).native();
    const auto partial = folder.write("partial.eml", partial_message()).native();
    const auto bad = folder.write("bad.eml", bad_message()).native();
    EXPECT_EQ(scan_json({clean}).exit_code, 0);
    EXPECT_EQ(scan_json({clean, partial}).exit_code, 2);
    EXPECT_EQ(scan_json({partial, bad, clean}).exit_code, 1);
    EXPECT_EQ(scan_json({bad, partial, "/nonexistent", clean}).exit_code, 3);
}

TEST(ScanInput, ResultsThatCannotBeWrittenAreAFailure)
{
    const TempDir folder;
    const auto mail = folder.write("a.eml", clean_message());
    const auto result = run_program({"/bin/sh", "-c", "exec \"$0\" scan \"$1\" > /dev/full",
                                     watchpost_program(), mail.native()});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.err, HasSubstr("write the results to standard output"));
}

} // namespace
} // namespace watchpost::test
