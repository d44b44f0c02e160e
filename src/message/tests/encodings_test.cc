// base64, quoted-printable and uuencode: what is decoded, what is reported, and the three standing
// tests.
#include <gtest/gtest.h>

#include "message/base64.h"
#include "message/quoted_printable.h"
#include "message/uuencode.h"
#include "message_text.h"

namespace watchpost::message {
namespace {

std::string from_base64(std::string_view text)
{
    return std::string{base::as_text(decode_base64(text).bytes)};
}

std::string from_quoted(std::string_view text)
{
    return std::string{base::as_text(decode_quoted_printable(text).bytes)};
}

// RFC 4648 §10.
TEST(Base64, KnownAnswers)
{
    EXPECT_EQ(from_base64(""), "");
    EXPECT_EQ(from_base64("Zg=="), "f");
    EXPECT_EQ(from_base64("Zm8="), "fo");
    EXPECT_EQ(from_base64("Zm9v"), "foo");
    EXPECT_EQ(from_base64("Zm9vYmFy"), "foobar");
    EXPECT_EQ(from_base64("+/+/"), "\xfb\xff\xbf");
}

TEST(Base64, MissingPaddingIsReported)
{
    EXPECT_EQ(from_base64("Zm9vYg"), "foob");
    EXPECT_TRUE(decode_base64("Zm9vYg").is_incomplete);
    EXPECT_EQ(from_base64("Zm9vY"), "foo");
    EXPECT_TRUE(decode_base64("Zm9vY").is_incomplete);
    EXPECT_FALSE(decode_base64("Zm9vYg==").is_incomplete);
}

TEST(Base64, JunkIsSkippedAndReported)
{
    const auto result = decode_base64("Z*m9\x80v\0Ym-Fy");
    EXPECT_EQ(base::as_text(result.bytes).substr(0, 3), "foo");
    EXPECT_TRUE(result.had_junk);
    EXPECT_FALSE(decode_base64("Zm 9v\r\n\tYm\nFy\r\n").had_junk);
    EXPECT_EQ(from_base64("Zm 9v\r\n\tYm\nFy\r\n"), "foobar");
}

TEST(Base64, DataAfterPaddingIsDecodedAndReported)
{
    const auto result = decode_base64("Zm8=Zm9v");
    EXPECT_EQ(base::as_text(result.bytes), "fofoo");
    EXPECT_TRUE(result.had_early_padding);
    EXPECT_FALSE(decode_base64("Zm8=\r\n").had_early_padding);
    EXPECT_EQ(from_base64("===="), "");
}

TEST(Base64, LinesOfTheEncoderHaveTheirLength)
{
    EXPECT_EQ(encode_base64(base::as_bytes("foobar"), 4), "Zm9v\r\nYmFy");
    EXPECT_EQ(encode_base64(base::as_bytes("foob")), "Zm9vYg==");
}

TEST(QuotedPrintable, EscapesSoftBreaksAndTrailingBlanks)
{
    EXPECT_EQ(from_quoted("caf=C3=A9"), "caf\xc3\xa9");
    EXPECT_EQ(from_quoted("caf=c3=a9"), "caf\xc3\xa9");
    EXPECT_EQ(from_quoted("one=\r\ntwo=\nthree=  \r\nfour"), "onetwothreefour");
    EXPECT_EQ(from_quoted("blanks \t\r\nend"), "blanks\r\nend");
    EXPECT_EQ(from_quoted("kept=20\r\n"), "kept \r\n");
    EXPECT_EQ(from_quoted("line feed\nalone"), "line feed\nalone");
    EXPECT_EQ(from_quoted("ends soft="), "ends soft");
}

TEST(QuotedPrintable, WhatIsNoEscapeStaysAndIsReported)
{
    EXPECT_EQ(from_quoted("1+1=2, =G0, =4"), "1+1=2, =G0, =4");
    EXPECT_TRUE(decode_quoted_printable("=G0").had_invalid);
    EXPECT_FALSE(decode_quoted_printable("=40=\r\n").had_invalid);
}

constexpr std::string_view uu_text = "Dear all,\n"
                                     "begin 644 hello.txt\n"
                                     "#0V%T\n"
                                     "`\n"
                                     "end\n"
                                     "begin 2 weeks early\n"
                                     "begin 755 b&c.exe\r\n"
                                     "%:&5L;&\\\r\n"
                                     "end\r\n";

TEST(Uuencode, FilesInsideATextAreFoundAndProseIsNot)
{
    const auto blocks = find_uuencoded(base::as_bytes(uu_text), 10);
    ASSERT_EQ(blocks.size(), 2U);
    EXPECT_EQ(blocks[0].name, "hello.txt");
    EXPECT_EQ(base::as_text(blocks[0].bytes), "Cat");
    EXPECT_EQ(uu_text.substr(blocks[0].begin, 9), "begin 644");
    EXPECT_EQ(uu_text.substr(blocks[0].end - 4, 4), "end\n");
    EXPECT_EQ(blocks[1].name, "b&c.exe");
    EXPECT_EQ(base::as_text(blocks[1].bytes), "hello");
}

TEST(Uuencode, BlockThatBreaksOffIsDamaged)
{
    const auto blocks =
        find_uuencoded(base::as_bytes("begin 644 x\n#0V%T\n\x80 no line of it\n"), 10);
    ASSERT_EQ(blocks.size(), 1U);
    EXPECT_TRUE(blocks[0].is_damaged);
    EXPECT_EQ(base::as_text(blocks[0].bytes), "Cat");
}

TEST(Uuencode, AsTransferEncodingTheFileIsTheContent)
{
    const test::Parsed parsed{
        test::lines({"Content-Type: text/plain", "Content-Transfer-Encoding: x-uuencode", "",
                     "begin 644 x", "#0V%T", "`", "end"})};
    EXPECT_EQ(parsed.content("1"), "Cat");
    std::vector<Defect> defects;
    const test::Parsed without{"Content-Transfer-Encoding: uue\r\n\r\nno block"};
    const auto decoded = DecodedContent::decode(without.root(), defects);
    EXPECT_EQ(base::as_text(decoded.bytes()), "no block");
    ASSERT_EQ(defects.size(), 1U);
    EXPECT_EQ(defects[0].id, "uuencode_invalid");
}

TEST(TransferEncoding, NamesAreReadInAnyCaseAndUnknownOnesAreReported)
{
    EXPECT_EQ(test::Parsed{"Content-Transfer-Encoding: (x) BASE64 ;\r\n\r\nZm9v"}.content("1"),
              "foo");
    const test::Parsed unknown{"Content-Transfer-Encoding: rot13\r\n\r\nsbb"};
    EXPECT_EQ(unknown.content("1"), "sbb");
    EXPECT_TRUE(unknown.has_defect("unknown_transfer_encoding"));
    EXPECT_FALSE(test::Parsed{"Content-Transfer-Encoding: 8bit\r\n\r\n"}.has_defect(
        "unknown_transfer_encoding"));
}

// Standing tests.

TEST(EncodingsStanding, EveryLineBreakGivesTheSameOctets)
{
    const std::string coded = "Zm9vYmFyIGFuZCBtb3Jl";
    const std::string text = "foobar=20and=3Dmore";
    for (std::size_t i = 0; i <= coded.size(); ++i) {
        for (const std::string_view line_end : {"\r\n", "\n", " \r\n "}) {
            std::string split = coded;
            split.insert(i, line_end);
            EXPECT_EQ(from_base64(split), from_base64(coded));
        }
    }
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const auto escape = text.rfind('=', i > 0 ? i - 1 : 0);
        const bool in_escape = escape != std::string::npos && escape < i && i < escape + 3;
        std::string split = text;
        split.insert(i, "=\r\n");
        if (!in_escape) {
            EXPECT_EQ(from_quoted(split), from_quoted(text)) << split;
        }
    }
}

TEST(EncodingsStanding, StopsCleanlyAtEveryOffset)
{
    const std::string_view coded = "Zm9v\r\nYm*Fy=\r\nZg==";
    const std::string_view text = "a=3D =\r\nb=4";
    for (std::size_t length = 0; length <= coded.size(); ++length) {
        EXPECT_LE(from_base64(coded.substr(0, length)).size(), length);
    }
    for (std::size_t length = 0; length <= text.size(); ++length) {
        EXPECT_LE(from_quoted(text.substr(0, length)).size(), length);
    }
    for (std::size_t length = 0; length <= uu_text.size(); ++length) {
        for (const auto& block : find_uuencoded(base::as_bytes(uu_text.substr(0, length)), 10)) {
            EXPECT_LE(block.end, length);
        }
    }
}

TEST(EncodingsHostile, MebibytesOfAnythingStayLinear)
{
    constexpr std::size_t size = std::size_t{4} << 20U;
    for (const std::string_view unit : {"=", "=\n", " ", "begin 644 x\n#", "begin 644 x\nend\n",
                                        "\nbegin 644 x\n\n", "M\n", "A", "*", "A="}) {
        std::string text;
        while (text.size() < size) {
            text += unit;
        }
        EXPECT_LE(from_base64(text).size(), text.size());
        EXPECT_LE(from_quoted(text).size(), text.size());
        EXPECT_LE(find_uuencoded(base::as_bytes(text), 1'000).size(), 1'000U);
    }
}

} // namespace
} // namespace watchpost::message
