#include "message/text_charsets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace watchpost::message {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using std::string_literals::operator""s;

std::string utf16le(std::string_view ascii)
{
    std::string wide;
    for (const char c : ascii) {
        wide += {c, '\0'};
    }
    return wide;
}

TextVersions versions_of(std::string_view bytes, std::string_view declared,
                         TextMarkup markup = TextMarkup::plain)
{
    return read_versions(base::as_bytes(bytes), declared, markup, 1'000);
}

/// Charset and text of each.
std::vector<std::string> texts_of(std::string_view bytes, std::string_view declared,
                                  TextMarkup markup = TextMarkup::plain)
{
    std::vector<std::string> texts;
    for (const auto& version : versions_of(bytes, declared, markup).versions) {
        texts.push_back(version.charset + ": " + version.text);
    }
    return texts;
}

TEST(TextCharsets, TextWhoseAsciiStandsInItsOctetsHasNoVersion)
{
    EXPECT_THAT(texts_of("caf\xc3\xa9", "utf-8"), IsEmpty());
    EXPECT_THAT(texts_of("caf\xe9", ""), IsEmpty());
    EXPECT_THAT(texts_of("\xef\xbb\xbfhello", "us-ascii"), IsEmpty());
    EXPECT_THAT(texts_of("plain", "iso-2022-jp"), IsEmpty());
    EXPECT_THAT(texts_of("<meta charset=koi8-r>", "utf-8", TextMarkup::html), IsEmpty());
}

TEST(TextCharsets, CharsetsThatWriteAsciiOtherwiseAreDecoded)
{
    EXPECT_THAT(texts_of(utf16le("bad"), "UTF-16LE"), ElementsAre("UTF-16LE: bad"));
    EXPECT_THAT(texts_of("+AGIAYQBk-", "utf-7"), ElementsAre("utf-7: bad"));
    EXPECT_THAT(texts_of("+AGIAYQBk-", "unicode-1-1-utf-7"), ElementsAre("unicode-1-1-utf-7: bad"));
    EXPECT_THAT(texts_of("b\x1b(Bad", "iso-2022-jp"), ElementsAre("iso-2022-jp: bad"));
    EXPECT_THAT(texts_of("b~\nad", "hz-gb-2312"), ElementsAre("hz-gb-2312: bad"));
    EXPECT_THAT(texts_of("\x82\x81\x84", "cp037"), ElementsAre("cp037: bad"));
    EXPECT_THAT(texts_of("b\0\0\0a\0\0\0d\0\0\0"s, "utf-32le"), ElementsAre("utf-32le: bad"));
}

TEST(TextCharsets, Utf16WithoutOrderIsReadInBothAndAMarkDecides)
{
    const auto open = versions_of(utf16le("bad"), "utf-16");
    ASSERT_EQ(open.versions.size(), 2U);
    EXPECT_EQ(open.versions[0].charset, "utf-16be");
    EXPECT_TRUE(open.versions[0].is_shown);
    EXPECT_EQ(open.versions[1].text, "bad");
    EXPECT_FALSE(open.versions[1].is_shown);
    EXPECT_EQ(open.conflict, "utf-16be, utf-16le");
    const auto marked = versions_of("\xff\xfe" + utf16le("bad"), "utf-16");
    ASSERT_EQ(marked.versions.size(), 1U);
    EXPECT_EQ(marked.versions[0].text, "bad");
    EXPECT_EQ(marked.conflict, "");
}

TEST(TextCharsets, WhatContradictsIsReadAndTold)
{
    const auto marked = versions_of("\xff\xfe" + utf16le("bad"), "us-ascii");
    ASSERT_EQ(marked.versions.size(), 1U);
    EXPECT_FALSE(marked.versions[0].is_shown);
    EXPECT_EQ(marked.conflict, "us-ascii, utf-16le");
    EXPECT_EQ(marked.unsuitable, "");
    const auto meta = versions_of("<meta charset=utf-7>+ADw-b+AD4-", "utf-8", TextMarkup::html);
    ASSERT_EQ(meta.versions.size(), 1U);
    EXPECT_EQ(meta.versions[0].text, "<meta charset=utf-7><b>");
    EXPECT_EQ(meta.conflict, "utf-8, utf-7");
    EXPECT_EQ(meta.utf7, "utf-7");
    EXPECT_EQ(versions_of("<meta charset=utf-16le>x", "", TextMarkup::html).versions.size(), 0U);
}

TEST(TextCharsets, CharsetWhoseLineEndsAreNotThoseOfMailIsTold)
{
    EXPECT_EQ(versions_of(utf16le("bad"), "utf-16le").unsuitable, "utf-16le");
    EXPECT_EQ(versions_of("\x82\x81\x84", "cp037").unsuitable, "cp037");
    EXPECT_EQ(versions_of("b\x1b(Bad", "iso-2022-jp").unsuitable, "");
}

TEST(TextCharsets, UndeclaredWideTextIsKnownByItsNuls)
{
    EXPECT_THAT(texts_of(utf16le("some text"), ""), ElementsAre("utf-16le: some text"));
    EXPECT_THAT(texts_of('\0' + utf16le("some tex") + 't', ""), ElementsAre("utf-16be: some text"));
    EXPECT_THAT(texts_of("one\0two\0three\0four"s, ""), IsEmpty());
    EXPECT_THAT(texts_of(std::string(64, '\0'), ""), IsEmpty());
}

TEST(TextCharsets, UnknownCharsetLeavesTheWordToTheOthers)
{
    EXPECT_THAT(texts_of("\xff\xfe" + utf16le("bad"), "x-nobody-knows"),
                ElementsAre("utf-16le: bad"));
    EXPECT_THAT(texts_of("text", "../../etc/passwd"), IsEmpty());
}

TEST(TextCharsets, EachLimitIsTold)
{
    const auto versions =
        read_versions(base::as_bytes(utf16le("0123456789")), "utf-16le", TextMarkup::plain, 4);
    ASSERT_EQ(versions.versions.size(), 1U);
    EXPECT_EQ(versions.versions[0].text, "0123");
    EXPECT_TRUE(versions.versions[0].was_cut);
}

TEST(TextCharsets, StopsCleanlyAtEveryOffset)
{
    const std::string text = "\xff\xfe" + utf16le("<meta charset=utf-7>+AGIAYQBk-");
    for (std::size_t length = 0; length <= text.size(); ++length) {
        SCOPED_TRACE(length);
        const auto cut = std::string_view{text}.substr(0, length);
        for (const std::string_view charset : {"", "utf-16", "utf-32", "utf-7", "cp037", "hz"}) {
            EXPECT_LE(versions_of(cut, charset, TextMarkup::html).versions.size(),
                      TextVersions::versions_max);
        }
    }
}

} // namespace
} // namespace watchpost::message
