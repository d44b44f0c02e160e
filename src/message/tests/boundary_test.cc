// RFC 2046 §5.1.1 and what attackers make of it.
#include <gtest/gtest.h>

#include "message/boundary.h"
#include "message_text.h"

namespace watchpost::message {
namespace {

using test::lines;
using test::Parsed;

Parsed multipart(std::initializer_list<std::string_view> content, std::string_view boundary = "b")
{
    return Parsed{"Content-Type: multipart/mixed; boundary=\"" + std::string{boundary} +
                  "\"\r\n\r\n" + lines(content)};
}

TEST(Boundary, WhiteSpaceAndTextAfterADelimiterAreTolerated)
{
    const auto parsed = multipart({"--b \t", "", "one", "--b and more", "", "two", "--b-- end"});
    EXPECT_EQ(parsed.content("1"), "one");
    EXPECT_EQ(parsed.content("2"), "two");
    EXPECT_TRUE(parsed.has_defect("text_after_final_boundary"));
}

TEST(Boundary, LineThatStartsWithTheBoundaryAndGoesOnIsContent)
{
    const auto parsed = multipart({"--b", "", "one", "--bc", "still one", "--b--"});
    EXPECT_EQ(parsed.content("1"), "one\r\n--bc\r\nstill one");
    EXPECT_TRUE(parsed.has_defect("boundary_prefix"));
}

TEST(Boundary, BoundaryThatIsAPrefixOfAnotherDoesNotTakeItsLines)
{
    const auto parsed = multipart({"--b", "Content-Type: multipart/alternative; boundary=b-1", "",
                                   "--b-1", "", "inner", "--b-1--", "--b", "", "outer", "--b--"});
    EXPECT_EQ(parsed.leaves(), "1.1 text/plain, 2 text/plain");
    ASSERT_EQ(parsed.message().defects().size(), 1U);
    EXPECT_EQ(parsed.message().defects().front().id, "boundaries_overlap");
}

TEST(Boundary, BoundaryThatLooksLikeTheClosingDelimiterOfAShorterOneWins)
{
    const auto parsed = multipart({"--b", "Content-Type: multipart/mixed; boundary=b--x", "",
                                   "--b--x", "", "inner", "--b--x--", "--b--"});
    EXPECT_EQ(parsed.leaves(), "1.1 text/plain");
    EXPECT_EQ(parsed.content("1.1"), "inner");
}

TEST(Boundary, MissingClosingDelimiterIsReportedAndAnOuterOneEndsTheInner)
{
    const auto parsed = multipart({"--b", "Content-Type: multipart/mixed; boundary=i", "", "--i",
                                   "", "inner", "--b", "", "outer", "--b--"});
    EXPECT_EQ(parsed.leaves(), "1.1 text/plain, 2 text/plain");
    EXPECT_EQ(parsed.content("1.1"), "inner");
    ASSERT_EQ(parsed.message().defects().size(), 2U);
    EXPECT_EQ(parsed.message().defects().front().id, "missing_final_boundary");
    EXPECT_EQ(parsed.message().defects().front().part, "1");
    EXPECT_EQ(parsed.message().defects().back().id, "ended_by_outer_boundary");
}

TEST(Boundary, MultipartWithoutPartsIsOnePartAndReported)
{
    const auto nothing = multipart({"hidden text"});
    EXPECT_EQ(nothing.leaves(), "1 multipart/mixed");
    EXPECT_EQ(nothing.content("1"), "hidden text\r\n");
    EXPECT_TRUE(nothing.has_defect("missing_first_boundary"));
    EXPECT_TRUE(multipart({"--b--"}).has_defect("missing_first_boundary"));
}

TEST(Boundary, MultipartWithoutPartsIsDecodedAsItDeclares)
{
    const Parsed parsed{"Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: "
                        "base64\n\naGlkZGVu"};
    EXPECT_EQ(parsed.content("1"), "hidden");
    EXPECT_TRUE(parsed.has_defect("encoded_multipart"));
}

TEST(Boundary, AClosingDelimiterThatGoesOnHidesNoPartBehindIt)
{
    const auto parsed = multipart({"--b", "", "one", "--b--x", "--b", "", "two", "--b--"});
    EXPECT_EQ(parsed.content("1"), "one");
    EXPECT_EQ(parsed.content("2"), "two");
    EXPECT_TRUE(parsed.has_defect("text_after_final_boundary"));
}

TEST(Boundary, PartBehindTheClosingDelimiterIsReadAndReported)
{
    const auto parsed =
        multipart({"--b", "", "shown", "--b--", "--b", "Content-Type: text/html", "", "hidden"});
    EXPECT_EQ(parsed.leaves(), "1 text/plain, 2 text/html");
    EXPECT_EQ(parsed.content("2"), "hidden\r\n");
    EXPECT_TRUE(parsed.has_defect("part_after_final_boundary"));
}

TEST(Boundary, SameBoundaryOnTwoLevelsBelongsToTheInnerOneUntilThatIsClosed)
{
    const auto parsed = multipart({"--b", "Content-Type: multipart/mixed; boundary=b", "", "--b",
                                   "", "inner", "--b--", "--b", "", "outer", "--b--"});
    EXPECT_EQ(parsed.leaves(), "1.1 text/plain, 2 text/plain");
    EXPECT_EQ(parsed.content("2"), "outer");
}

TEST(Boundary, DelimiterInThePreambleStartsAPartAndOneInAHeaderEndsIt)
{
    const auto parsed = multipart({"--b", "Content-Type: text/html", "--b", "", "two", "--b--"});
    EXPECT_EQ(parsed.leaves(), "1 text/html, 2 text/plain");
    EXPECT_EQ(parsed.content("1"), "");
    EXPECT_TRUE(parsed.has_defect("missing_blank_line"));
}

TEST(Boundary, LongBoundaryIsReportedAndWorks)
{
    const std::string boundary(7'000, 'x');
    const auto parsed = multipart({"--" + boundary, "", "one", "--" + boundary + "--"}, boundary);
    EXPECT_EQ(parsed.content("1"), "one");
    EXPECT_TRUE(parsed.has_defect("boundary_too_long"));
}

TEST(Boundary, BoundaryInTheMiddleOfALineDelimitsNothing)
{
    const auto parsed = multipart({"--b", "", "one --b--", " --b", "--b--"});
    EXPECT_EQ(parsed.content("1"), "one --b--\r\n --b");
}

TEST(Boundary, LineEndsOfEitherKindAroundADelimiterAreTakenAway)
{
    const Parsed parsed{"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\r\n\ntwo\r\n"
                        "--b--"};
    EXPECT_EQ(parsed.content("1"), "one");
    EXPECT_EQ(parsed.content("2"), "two");
}

} // namespace
} // namespace watchpost::message
