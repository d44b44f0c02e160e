#include "message/header_block.h"

#include <gtest/gtest.h>

#include "message/encoded_word.h"
#include "message_text.h"

namespace watchpost::message {
namespace {

using test::Parsed;

std::string names(const Parsed& parsed)
{
    std::string text;
    for (const auto& field : parsed.root().header) {
        text += std::string{field.name} + ' ';
    }
    return text;
}

TEST(HeaderBlock, ValuesKeepTheirFoldingAndNamesTheirCase)
{
    const Parsed parsed{"SuBject: one\r\n two\r\nTo:\ta@b\r\n\r\n"};
    EXPECT_EQ(names(parsed), "SuBject To ");
    EXPECT_EQ(parsed.root().header[0].value, " one\r\n two");
    EXPECT_EQ(parsed.root().field("to"), "\ta@b");
    EXPECT_FALSE(parsed.root().field("cc"));
    EXPECT_EQ(base::as_text(parsed.root().raw_header), "SuBject: one\r\n two\r\nTo:\ta@b\r\n");
}

TEST(HeaderBlock, LineWithoutColonBetweenFieldsIsSkipped)
{
    const Parsed parsed{"A: 1\r\nno field\r\nB: 2\r\n\r\nbody"};
    EXPECT_EQ(names(parsed), "A B ");
    EXPECT_EQ(parsed.content("1"), "body");
    ASSERT_TRUE(parsed.has_defect("header_without_colon"));
    EXPECT_EQ(parsed.message().defects().front().detail, "no field");
    EXPECT_EQ(parsed.message().defects().front().offset, 6U);
}

TEST(HeaderBlock, TextRightAfterTheFieldsIsContentThoughTheEmptyLineIsMissing)
{
    const Parsed parsed{"A: 1\r\n<html>\r\n<b>hidden</b>\r\n\r\nrest"};
    EXPECT_EQ(names(parsed), "A ");
    EXPECT_EQ(parsed.content("1"), "<html>\r\n<b>hidden</b>\r\n\r\nrest");
    EXPECT_TRUE(parsed.has_defect("missing_blank_line"));
}

TEST(HeaderBlock, DelimiterOfTheOwnBoundaryEndsTheHeaderThoughTheEmptyLineIsMissing)
{
    const Parsed parsed{"Content-Type: multipart/mixed;\r\n boundary=\"b:c\"\r\nThis is MIME.\r\n"
                        "--b:c\r\nContent-Type: text/html\r\n\r\nshown\r\n--b:c--\r\n"};
    EXPECT_EQ(parsed.leaves(), "1 text/html");
    EXPECT_EQ(parsed.content("1"), "shown");
    EXPECT_TRUE(parsed.has_defect("missing_blank_line"));

    const Parsed other{"A: 1\r\n--junk\r\nB: 2\r\n\r\nbody"};
    EXPECT_EQ(names(other), "A B ");
}

TEST(HeaderBlock, SpaceBeforeTheColonIsTolerated)
{
    const Parsed parsed{"Subject \t: x\r\n\r\n"};
    EXPECT_EQ(parsed.root().field("subject"), " x");
    EXPECT_TRUE(parsed.has_defect("space_before_colon"));
}

TEST(HeaderBlock, NameWithBlanksOrEightBitOctetsIsNone)
{
    const Parsed parsed{"A: 1\r\nTwo words: x\r\nN\xc3\xa4me: y\r\nB: 2\r\n\r\n"};
    EXPECT_EQ(names(parsed), "A B ");
}

TEST(HeaderBlock, ContinuationAtTheStartContinuesNothing)
{
    const Parsed parsed{" stray\r\nA: 1\r\n\r\nbody"};
    EXPECT_EQ(names(parsed), "A ");
    EXPECT_TRUE(parsed.has_defect("continuation_at_start"));

    const Parsed blank{" \r\nbody"};
    EXPECT_EQ(blank.content("1"), "body");
    EXPECT_TRUE(blank.has_defect("continuation_at_start"));
}

TEST(HeaderBlock, BareCarriageReturnEndsNoLine)
{
    const Parsed parsed{"Subject: a\rX-Hidden: b\r\n\r\nbody"};
    EXPECT_EQ(names(parsed), "Subject ");
    EXPECT_EQ(parsed.root().field("subject"), " a\rX-Hidden: b");
    EXPECT_TRUE(parsed.has_defect("bare_cr"));
}

TEST(HeaderBlock, EmptyLineOfBareCarriageReturnsAndLineFeedEndsTheHeader)
{
    const Parsed parsed{"A: 1\r\r\n\r\r\nbody"};
    EXPECT_EQ(parsed.root().field("a"), " 1");
    EXPECT_EQ(parsed.content("1"), "body");
    EXPECT_TRUE(parsed.has_defect("crcrlf"));
    EXPECT_FALSE(parsed.has_defect("bare_cr"));
}

TEST(HeaderBlock, MixedLineEndsNulsAndForeignOctetsAreReported)
{
    EXPECT_TRUE(Parsed{"A: 1\r\nB: 2\n\r\n"}.has_defect("mixed_line_ends"));
    EXPECT_FALSE(Parsed{"A: 1\nB: 2\n\n"}.has_defect("mixed_line_ends"));
    const std::string with_nul{"A: \0\r\n\r\n", 8};
    EXPECT_TRUE(Parsed{with_nul}.has_defect("nul_octet"));
    EXPECT_TRUE(Parsed{"A: \xe4\r\n\r\n"}.has_defect("eight_bit_header"));
    EXPECT_FALSE(Parsed{"A: \xc3\xa4\r\n\r\n"}.has_defect("eight_bit_header"));
}

// Standing tests.

constexpr std::string_view sample = "From: A <a@b.example>\r\n"
                                    "Subject: =?utf-8?q?caf=C3=A9?= and more\r\n"
                                    "X-Long: one two three four\r\n\r\nbody";

TEST(HeaderBlockStanding, EveryFoldGivesTheSameText)
{
    const Parsed whole{std::string{sample}};
    const auto expected = decode_text(*whole.root().field("x-long")).text;
    for (const std::string_view fold : {"\r\n", "\n"}) {
        const std::string value = "one two three four";
        for (auto blank = value.find(' '); blank != std::string::npos;
             blank = value.find(' ', blank + 1)) {
            std::string folded = value;
            folded.insert(blank, fold);
            const Parsed parsed{"X-Long: " + folded + "\r\n\r\n"};
            EXPECT_EQ(decode_text(*parsed.root().field("x-long")).text, expected);
        }
    }
}

TEST(HeaderBlockStanding, StopsCleanlyAtEveryOffset)
{
    for (std::size_t length = 0; length <= sample.size(); ++length) {
        SCOPED_TRACE(length);
        const Parsed parsed{std::string{sample.substr(0, length)}};
        EXPECT_LE(parsed.root().header.size(), 3U);
        for (const auto& field : parsed.root().header) {
            EXPECT_NE(sample.find(field.value), std::string_view::npos);
        }
    }
}

TEST(HeaderBlockStanding, EachLimitIsADefect)
{
    Limits limits;
    limits.header_fields_max = 2;
    const Parsed fields{"A: 1\r\nB: 2\r\nC: 3\r\n D\r\n\r\nbody", limits};
    EXPECT_EQ(names(fields), "A B ");
    EXPECT_EQ(fields.root().field("b"), " 2");
    EXPECT_EQ(fields.content("1"), "body");
    EXPECT_TRUE(fields.has_defect("limit_header_fields"));

    limits = {};
    limits.header_bytes_max = 12;
    const Parsed bytes{"A: 1\r\nB: 2\r\n 3\r\nC: 4\r\n\r\nbody", limits};
    EXPECT_EQ(names(bytes), "A B ");
    EXPECT_EQ(bytes.root().field("b"), " 2");
    EXPECT_EQ(bytes.content("1"), "body");
    EXPECT_TRUE(bytes.has_defect("limit_header_bytes"));

    limits = {};
    limits.parameters_max = 1;
    EXPECT_TRUE(Parsed("Content-Type: text/plain; a=1; b=2\r\n\r\n", limits)
                    .has_defect("limit_parameters"));
}

} // namespace
} // namespace watchpost::message
