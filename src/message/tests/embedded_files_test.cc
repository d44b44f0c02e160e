#include "message/embedded_files.h"

#include <array>
#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "message/binhex.h"
#include "message/checksums.h"
#include "message/defect_table.h"
#include "message/yenc.h"

namespace watchpost::message {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using std::string_literals::operator""s;

/// Made with Perl's Convert::BinHex: "hello.txt" with 20 times "a", 0x90 and " hello".
const std::string binhex_text =
    "See below.\r\n(This file must be converted with BinHex 4.0)\r\n"
    ":#@KPE'a[,R4iG!\"849K8G(4iG!!!!!!!'`!!!!0ELf&KB@&KB@&KB@&KB@&KB@&\r\n"
    "KB@&KN!!JD'9XE'm21A*PF`a$:\r\nThat is all.\r\n";

std::string yencoded(std::string_view bytes)
{
    std::string text;
    for (const char c : bytes) {
        const auto octet = static_cast<unsigned char>(static_cast<unsigned char>(c) + 42U);
        const bool is_critical = octet == 0 || octet == '\n' || octet == '\r' || octet == '=';
        text += is_critical ? std::string{'=', static_cast<char>(octet + 64U)}
                            : std::string(1, static_cast<char>(octet));
    }
    return text;
}

/// 0xe0 and 0x13 have to be escaped.
const std::string yenc_content = "hello\xe0\x13 w\xf0rld"s;
const std::string yenc_text = "Hi,\r\n=ybegin line=128 size=13 name=my file.bin\r\n" +
                              yencoded(yenc_content) + "\r\n=yend size=13 crc32=" + "CRC" +
                              "\r\nBye\r\n";

std::string with_checksum(std::string text)
{
    std::array<char, 9> digits{};
    std::snprintf(digits.data(), digits.size(), "%08x", crc32(base::as_bytes(yenc_content)));
    return text.replace(text.find("CRC"), 3, digits.data());
}

/// Names and contents, and the defects with their details.
std::vector<std::string> files_in(std::string_view text, std::string_view type = "text/plain",
                                  const Limits& limits = {})
{
    std::vector<std::string> lines;
    std::vector<Defect> defects;
    for (const auto& file : find_embedded_files(base::as_bytes(text), type, "1", limits, defects)) {
        lines.push_back(file.name + '=' + std::string{base::as_text(file.bytes)});
    }
    for (const auto& defect : defects) {
        lines.push_back(std::string{defect.id} + ": " + defect.detail);
    }
    return lines;
}

TEST(Checksums, AreThoseOfTheirStandards)
{
    EXPECT_EQ(crc32(base::as_bytes("123456789")), 0xcbf43926U);
    EXPECT_EQ(binhex_crc(base::as_bytes("123456789")), 0x31c3U);
}

TEST(Yenc, FileIsDecodedAndItsEndChecked)
{
    EXPECT_THAT(files_in(with_checksum(yenc_text)), ElementsAre("my file.bin=" + yenc_content));
    EXPECT_THAT(files_in(yenc_text.substr(0, yenc_text.find("=yend"))),
                ElementsAre("my file.bin=" + yenc_content, "yenc_invalid: no end: my file.bin"));
}

TEST(Yenc, WrongSizeAndChecksumAreDefectsAndTheContentStays)
{
    auto size = with_checksum(yenc_text);
    size.replace(size.find("=yend size=13"), 13, "=yend size=14");
    EXPECT_THAT(files_in(size),
                ElementsAre("my file.bin=" + yenc_content, "yenc_invalid: size: my file.bin"));
    auto checksum = yenc_text;
    checksum.replace(checksum.find("CRC"), 3, "deadbeef");
    EXPECT_THAT(files_in(checksum),
                ElementsAre("my file.bin=" + yenc_content, "yenc_invalid: checksum: my file.bin"));
}

TEST(Yenc, PieceSaysWhichItIs)
{
    const auto text = "=ybegin part=2 total=3 line=128 size=30 name=a.bin\r\n"
                      "=ypart begin=11 end=15\r\n" +
                      yencoded("piece") + "\r\n=yend size=5 part=2\r\n";
    EXPECT_THAT(files_in(text), ElementsAre("a.bin=piece", "yenc_piece: part 2 of 3: a.bin"));
    EXPECT_TRUE(leaves_gap("yenc_piece"));
}

TEST(Yenc, ProseIsNoFile)
{
    EXPECT_THAT(files_in("=ybegin is how it starts\r\n"), IsEmpty());
    EXPECT_THAT(files_in("see =ybegin line=128 size=1 name=a\r\n"), IsEmpty());
}

TEST(Binhex, BothForksAreFilesAndRunsAreExpanded)
{
    EXPECT_THAT(
        files_in(binhex_text),
        ElementsAre("hello.txt=" + std::string(20, 'a') + "\x90 hello", "hello.txt.rsrc=res"));
}

TEST(Binhex, DamageIsTold)
{
    auto wrong = binhex_text;
    wrong.replace(wrong.find("KB@&KB@&"), 8, "KB@&JB@&");
    EXPECT_THAT(files_in(wrong).back(), "binhex_invalid: checksum of the data: hello.txt");
    const auto cut = binhex_text.substr(0, binhex_text.find("KB@&KN"));
    EXPECT_THAT(files_in(cut).back(), "binhex_invalid: cut short: hello.txt");
    EXPECT_THAT(files_in("(This file must be converted with BinHex 4.0)\r\n:no file:\r\n"),
                IsEmpty());
}

TEST(Binhex, UnannouncedFileCountsWhereTheTypeSaysSo)
{
    const auto text = binhex_text.substr(binhex_text.find("\r\n:") + 2);
    EXPECT_THAT(files_in(text), IsEmpty());
    EXPECT_EQ(files_in(text, "application/mac-binhex40").size(), 2U);
}

TEST(EmbeddedFiles, StandInTheOrderOfTheText)
{
    const auto all =
        files_in(binhex_text + with_checksum(yenc_text) + "\nbegin 644 c\n#0V%T\n`\nend\n");
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all[1], "hello.txt.rsrc=res");
    EXPECT_EQ(all[3], "c=Cat");
}

TEST(EmbeddedFiles, AreLookedForInTextsAndTheirOwnTypes)
{
    EXPECT_TRUE(may_hold_files("text/plain", ""));
    EXPECT_TRUE(may_hold_files("application/octet-stream", "A.HQX"));
    EXPECT_FALSE(may_hold_files("text/html", "index.html"));
}

TEST(EmbeddedFiles, EachLimitIsADefect)
{
    Limits limits;
    limits.uu_blocks_max = 1;
    const auto files =
        files_in("begin 644 a\n#0V%T\nend\nbegin 644 b\n#0V%T\nend\n", "text/plain", limits);
    EXPECT_THAT(files, ElementsAre("a=Cat", "limit_uu_blocks: "));
    const auto cut = find_binhex(base::as_bytes(binhex_text), 10, BinhexStart::announced, 50);
    ASSERT_EQ(cut.size(), 1U);
    EXPECT_TRUE(cut[0].was_cut);
    EXPECT_LE(cut[0].data.size() + cut[0].resources.size(), 50U);
}

TEST(EmbeddedFiles, StopCleanlyAtEveryOffset)
{
    const std::string text = binhex_text + with_checksum(yenc_text);
    for (std::size_t length = 0; length <= text.size(); ++length) {
        SCOPED_TRACE(length);
        const auto cut = base::as_bytes(std::string_view{text}.substr(0, length));
        for (const auto& file : find_binhex(cut, 10, BinhexStart::any_colon)) {
            EXPECT_LE(file.end, length);
        }
        for (const auto& file : find_yencoded(cut, 10)) {
            EXPECT_LE(file.end, length);
        }
    }
}

TEST(EmbeddedFiles, EveryKindOfLineEndGivesTheSame)
{
    std::string text = binhex_text + with_checksum(yenc_text);
    const auto expected = files_in(text);
    std::erase(text, '\r');
    EXPECT_EQ(files_in(text), expected);
}

} // namespace
} // namespace watchpost::message
