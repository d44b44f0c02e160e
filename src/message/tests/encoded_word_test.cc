#include "message/encoded_word.h"

#include <gtest/gtest.h>

#include "message/charset.h"

namespace watchpost::message {
namespace {

std::string decoded(std::string_view raw)
{
    return decode_text(raw).text;
}

// RFC 2047 §8.
TEST(EncodedWord, ExamplesOfTheStandard)
{
    EXPECT_EQ(decoded("(=?ISO-8859-1?Q?a?=)"), "(a)");
    EXPECT_EQ(decoded("=?ISO-8859-1?Q?a?= b"), "a b");
    EXPECT_EQ(decoded("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?="), "ab");
    EXPECT_EQ(decoded("=?ISO-8859-1?Q?a?=  \r\n  =?ISO-8859-1?Q?b?="), "ab");
    EXPECT_EQ(decoded("=?ISO-8859-1?Q?a_b?="), "a b");
    EXPECT_EQ(decoded("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?="), "a b");
    EXPECT_EQ(decoded("=?US-ASCII*EN?Q?Keith_Moore?="), "Keith Moore");
}

TEST(EncodedWord, CharacterSplitBetweenAdjacentWordsIsWhole)
{
    EXPECT_EQ(decoded("=?utf-8?q?=C3?= =?UTF-8?q?=A9?="), "\xc3\xa9");
    EXPECT_EQ(decoded("=?utf-8?b?w6nD?=\r\n =?utf-8?b?qQ==?="), "\xc3\xa9\xc3\xa9");
    EXPECT_FALSE(decode_text("=?utf-8?q?=C3?= =?utf-8?q?=A9?=").had_invalid);
    EXPECT_TRUE(decode_text("=?utf-8?q?=C3?= x =?utf-8?q?=A9?=").had_invalid);
}

TEST(EncodedWord, IsFoundInsideWordsWithBlanksAndFolds)
{
    EXPECT_EQ(decoded("[x]=?utf-8?B?Zm9v?=!"), "[x]foo!");
    EXPECT_EQ(decoded("=?iso-8859-1?q?this is some text?="), "this is some text");
    EXPECT_EQ(decoded("=?utf-8?Q?Hello\r\n _there!?="), "Hello there!");
}

TEST(EncodedWord, WhatIsNoneStaysAsItStands)
{
    for (const std::string_view text :
         {"=?", "=?utf-8", "=?utf-8?", "=?utf-8?q", "=?utf-8?q?", "=?utf-8?q?x",
          "=?utf-8?x?y?=", "=?\?q?x?=", "a =? b ?= c", "=?utf-8?=?x"}) {
        EXPECT_EQ(decoded(text), text);
    }
    EXPECT_FALSE(decode_text("=?utf-8?").had_encoded_word);
}

TEST(EncodedWord, UnknownCharsetAndRawOctetsBecomeText)
{
    EXPECT_EQ(decoded("=?x-nowhere?q?caf=E9?="), "caf\xc3\xa9");
    EXPECT_TRUE(decode_text("=?x-nowhere?q?a?=").had_invalid);
    EXPECT_EQ(decoded("caf\xe9"), "caf\xc3\xa9");
    EXPECT_EQ(decoded("caf\xc3\xa9"), "caf\xc3\xa9");
}

TEST(EncodedWord, FoldedPlainTextKeepsOneBlank)
{
    EXPECT_EQ(decoded(" one\r\n two\n\tthree "), "one two\tthree");
}

TEST(EncodedWordStanding, StopsCleanlyAtEveryOffsetWithValidUtf8)
{
    const std::string_view text = "a =?utf-8?q?=C3=A9_x?=\r\n =?koi8-r?b?89DJ?= b";
    for (std::size_t length = 0; length <= text.size(); ++length) {
        EXPECT_TRUE(is_valid_utf8(decoded(text.substr(0, length))));
    }
}

TEST(EncodedWordHostile, MebibytesOfBeginningsAndOfWordsStayLinear)
{
    for (const std::string_view unit :
         {"=?", "=?a", "=?a?q?", "=?a?q?\?=", "=?utf-8?b?w6?= ", "?=", "=?a?b?"}) {
        std::string text;
        while (text.size() < (std::size_t{4} << 20U)) {
            text += unit;
        }
        EXPECT_TRUE(is_valid_utf8(decoded(text)));
    }
}

TEST(Charset, CommonOnesAreConverted)
{
    EXPECT_EQ(to_utf8("caf\xe9 \x80", "ISO-8859-1").text, "caf\xc3\xa9 \xe2\x82\xac");
    EXPECT_EQ(to_utf8("\xf0\xd2\xc9", "koi8-r").text, "\xd0\x9f\xd1\x80\xd0\xb8");
    EXPECT_EQ(to_utf8("\x83\x65", "shift_jis").text, "\xe3\x83\x86");
    EXPECT_EQ(to_utf8("\xa1\xb8", "gb2312").text, "\xe3\x80\x8c");
    EXPECT_EQ(to_utf8("Hi Mom +Jjo-", "utf-7").text, "Hi Mom \xe2\x98\xba");
    EXPECT_EQ(to_utf8(std::string_view{"\0a\0b", 4}, "utf-16be").text, "ab");
    EXPECT_EQ(to_utf8("\x1b$B$3\x1b(B", "iso-2022-jp").text, "\xe3\x81\x93");
}

TEST(Charset, OctetsThatACharsetDoesNotHaveAreReported)
{
    EXPECT_TRUE(to_utf8("a\xff", "utf-8").had_invalid_bytes);
    EXPECT_TRUE(to_utf8("a\xff", "us-ascii").had_invalid_bytes);
    EXPECT_TRUE(to_utf8("\x83", "shift_jis").had_invalid_bytes);
    EXPECT_FALSE(to_utf8("a", "").had_invalid_bytes);
}

TEST(Charset, UnknownNamesAndIcuOptionsAreNotOpened)
{
    for (const std::string_view name :
         {"x-nowhere", "utf-16,swaplfnl", "../../etc/passwd", "ibm-1047,version=1", "\xff"}) {
        const auto result = to_utf8("a\xe9", name);
        EXPECT_FALSE(result.is_known_charset) << name;
        EXPECT_EQ(result.text, "a\xc3\xa9");
    }
    EXPECT_FALSE(to_utf8("a", std::string(10'000, 'u')).is_known_charset);
}

TEST(Charset, LongTextsGoThroughInPieces)
{
    std::string koi8;
    std::string utf8;
    for (int i = 0; i < 30'000; ++i) {
        koi8 += "\xf0";
        utf8 += "\xd0\x9f";
    }
    EXPECT_EQ(to_utf8(koi8, "koi8-r").text, utf8);
}

} // namespace
} // namespace watchpost::message
