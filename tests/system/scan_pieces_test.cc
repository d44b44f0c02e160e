// A message in pieces, scanned as several files: what they make together is inspected.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scan_fixture.h"

namespace watchpost::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::string piece(const std::string& number, const std::string& content)
{
    return "From: a@b.example\r\nSubject: part " + number +
           "\r\nMIME-Version: 1.0\r\nContent-Type: message/partial; id=\"x@b.example\"; number=" +
           number + "; total=2\r\n\r\n" + content;
}

/// A message with EICAR as its attachment, cut in the middle of the file.
std::pair<std::string, std::string> pieces_of_bad_message()
{
    const auto whole = make_message({text_part("hi"), attachment_part("e.txt", eicar())});
    const auto file = whole.find(to_base64(eicar()).substr(0, 20));
    const std::size_t cut = file + 20;
    return {piece("1", whole.substr(0, cut)), piece("2", whole.substr(cut))};
}

TEST(ScanPieces, FileThatIsCutInTwoIsFoundInWhatThePiecesMake)
{
    const TempDir folder;
    const auto [first, second] = pieces_of_bad_message();
    const auto result =
        scan_json({folder.write("2.eml", second).native(), folder.write("1.eml", first).native()});
    ASSERT_EQ(result.lines.size(), 3U) << result.err;
    EXPECT_EQ(result.lines[0].at("verdict"), "clean");
    EXPECT_EQ(result.lines[1].at("verdict"), "clean");
    EXPECT_EQ(result.lines[1].at("inspected"), "partial");
    const auto& joined = result.lines[2];
    EXPECT_EQ(joined.at("verdict"), "detected");
    EXPECT_EQ(joined.at("inspected"), "full");
    EXPECT_THAT(joined.at("file").get<std::string>(), HasSubstr("1.eml, "));
    EXPECT_THAT(findings_of(joined), Contains("structure.joined_message "));
    EXPECT_THAT(findings_of(joined), Contains("yara.match 2"));
}

} // namespace
} // namespace watchpost::test
