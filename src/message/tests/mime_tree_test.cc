#include <gtest/gtest.h>

#include "message_text.h"

namespace watchpost::message {
namespace {

using test::lines;
using test::Parsed;

TEST(MimeTree, SinglePartMessageHasItsBodyAsNumberOne)
{
    const Parsed parsed{lines({"Subject: x", "", "body"})};
    EXPECT_EQ(parsed.leaves(), "1 text/plain");
    EXPECT_EQ(parsed.content("1"), "body\r\n");
    EXPECT_FALSE(parsed.root().type_was_declared);
    EXPECT_TRUE(parsed.message().defects().empty());
}

TEST(MimeTree, PartsOfMultipartAreNumberedAndTheLineEndBeforeABoundaryIsNotContent)
{
    const Parsed parsed{
        lines({"Content-Type: multipart/mixed; boundary=b", "", "preamble", "--b", "", "one", "--b",
               "Content-Type: text/html", "", "two", "", "--b--", "epilogue"})};
    EXPECT_EQ(parsed.leaves(), "1 text/plain, 2 text/html");
    EXPECT_EQ(parsed.content("1"), "one");
    EXPECT_EQ(parsed.content("2"), "two\r\n");
    EXPECT_EQ(parsed.root().path, "");
    EXPECT_TRUE(parsed.message().defects().empty());
}

// RFC 9051 §6.4.5: the example of section numbers.
TEST(MimeTree, SectionNumbersAreThoseOfImap)
{
    const Parsed parsed{lines({"Content-Type: multipart/mixed; boundary=a",
                               "",
                               "--a",
                               "",
                               "text",
                               "--a",
                               "Content-Type: application/octet-stream",
                               "",
                               "data",
                               "--a",
                               "Content-Type: message/rfc822",
                               "",
                               "Content-Type: multipart/mixed; boundary=i",
                               "",
                               "--i",
                               "",
                               "inner",
                               "--i",
                               "Content-Type: application/pdf",
                               "",
                               "pdf",
                               "--i--",
                               "--a",
                               "Content-Type: multipart/mixed; boundary=n",
                               "",
                               "--n",
                               "Content-Type: image/gif",
                               "",
                               "gif",
                               "--n",
                               "Content-Type: message/rfc822",
                               "",
                               "Subject: single",
                               "",
                               "alone",
                               "--n--",
                               "--a--"})};
    EXPECT_EQ(parsed.leaves(),
              "1 text/plain, 2 application/octet-stream, 3 message/rfc822, 3.1 text/plain, "
              "3.2 application/pdf, 4.1 image/gif, 4.2 message/rfc822, 4.2.1 text/plain");
    EXPECT_EQ(parsed.content("4.2.1"), "alone");
}

TEST(MimeTree, EmbeddedMessageHasItsWholeTextAsContent)
{
    const Parsed parsed{lines({"Content-Type: message/rfc822", "", "Subject: inner", "", "body"})};
    EXPECT_EQ(parsed.leaves(), "1 message/rfc822, 1.1 text/plain");
    EXPECT_EQ(parsed.content("1"), "Subject: inner\r\n\r\nbody\r\n");
}

TEST(MimeTree, EmbeddedMessageThatEndsWithItsOwnDelimiterDoesNotHoldTheLineEndOfTheOuterOne)
{
    const Parsed parsed{lines(
        {"Content-Type: multipart/mixed; boundary=o", "", "--o", "Content-Type: message/rfc822", "",
         "Content-Type: multipart/mixed; boundary=i", "", "--i", "", "x", "--i--", "--o--"})};
    EXPECT_EQ(parsed.content("1"), "Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nx"
                                   "\r\n--i--");
}

TEST(MimeTree, EncodedEmbeddedMessageIsDecodedAndRead)
{
    const Parsed base64{lines({"Content-Type: message/rfc822", "Content-Transfer-Encoding: base64",
                               "", "U3ViamVjdDogaW5uZXINCg0KYm9keQ=="})};
    EXPECT_EQ(base64.leaves(), "1 message/rfc822, 1.1 text/plain");
    EXPECT_EQ(base64.content("1.1"), "body");
    EXPECT_TRUE(base64.has_defect("encoded_message"));

    const Parsed quoted{
        lines({"Content-Type: message/rfc822", "Content-Transfer-Encoding: quoted-printable", "",
               "Subject: inner=20", "", "bo=64y"})};
    EXPECT_EQ(quoted.content("1.1"), "body\r\n");
}

TEST(MimeTree, PartsOfADigestAreMessagesByDefault)
{
    const Parsed parsed{
        lines({"Content-Type: multipart/digest; boundary=b", "", "--b", "", "Subject: in digest",
               "", "text", "--b", "Content-Type: text/plain", "", "no message", "--b--"})};
    EXPECT_EQ(parsed.leaves(), "1 message/rfc822, 1.1 text/plain, 2 text/plain");
}

TEST(MimeTree, DeliveryStatusAndHeadersAreLeaves)
{
    const Parsed parsed{
        lines({"Content-Type: multipart/report; boundary=b", "", "--b",
               "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; a.example", "--b",
               "Content-Type: text/rfc822-headers", "", "Subject: x", "--b",
               "Content-Type: message/global", "", "Subject: y", "", "z", "--b--"})};
    EXPECT_EQ(parsed.leaves(), "1 message/delivery-status, 2 text/rfc822-headers, "
                               "3 message/global, 3.1 text/plain");
}

TEST(MimeTree, SeparatorLineOfAnMboxAndByteOrderMarkAreSkipped)
{
    const Parsed mbox{"From a@b Thu Jan  1 00:00:00 1970\nSubject: x\n\nbody"};
    ASSERT_EQ(mbox.root().header.size(), 1U);
    EXPECT_EQ(mbox.content("1"), "body");

    const Parsed marked{"\xef\xbb\xbfSubject: x\n\nbody"};
    EXPECT_EQ(marked.root().header.front().name, "Subject");
    EXPECT_TRUE(marked.has_defect("byte_order_mark"));
    EXPECT_EQ(Parsed{"From "}.leaves(), "1 text/plain");
}

TEST(MimeTree, EmptyMessageAndHeaderAloneHaveOneEmptyLeaf)
{
    EXPECT_EQ(Parsed{""}.content("1"), "");
    EXPECT_EQ(Parsed{"Subject: x\r\n"}.content("1"), "");
    EXPECT_EQ(Parsed{"\r\n"}.content("1"), "");
    EXPECT_EQ(Parsed{"Subject: x"}.root().header.front().value, " x");
}

TEST(MimeTree, MultipartWithoutBoundaryIsOneText)
{
    const Parsed parsed{lines({"Content-Type: multipart/mixed", "", "--b", "text"})};
    EXPECT_EQ(parsed.leaves(), "1 multipart/mixed");
    EXPECT_TRUE(parsed.has_defect("missing_boundary_parameter"));
    EXPECT_TRUE(
        Parsed{lines({"Content-Type: multipart/mixed; boundary=\"\"", "", "--"})}.has_defect(
            "missing_boundary_parameter"));
}

TEST(MimeTree, TransferEncodingOfAMultipartIsIgnoredAndReported)
{
    const Parsed parsed{
        lines({"Content-Type: multipart/mixed; boundary=b", "Content-Transfer-Encoding: base64", "",
               "--b", "", "plain", "--b--"})};
    EXPECT_EQ(parsed.content("1"), "plain");
    EXPECT_TRUE(parsed.has_defect("encoded_multipart"));
}

TEST(MimeTree, FileNameComesFromEitherFieldAndAConflictIsReported)
{
    const Parsed parsed{lines({"Content-Type: application/pdf; name=\"a.pdf\"",
                               "Content-Disposition: ATTACHMENT; filename=\"a.exe\"", "", "x"})};
    EXPECT_EQ(parsed.root().filename, "a.exe");
    EXPECT_EQ(parsed.root().disposition, "attachment");
    EXPECT_TRUE(parsed.has_defect("filename_conflict"));
    EXPECT_EQ(Parsed{lines({"Content-Type: image/png; name=b.png", "", ""})}.root().filename,
              "b.png");
}

TEST(MimeTree, FieldThatStandsTwiceCountsOnceAndIsReported)
{
    const Parsed parsed{lines({"Content-Type: text/plain", "CONTENT-TYPE: text/html", "", "x"})};
    EXPECT_EQ(parsed.leaves(), "1 text/plain");
    EXPECT_TRUE(parsed.has_defect("duplicate_field"));
}

TEST(StoredMessage, CarriageReturnsAloneEndLinesWhereNoLineFeedStands)
{
    const Parsed parsed{"Content-Type: multipart/mixed; boundary=b\r\r--b\r\rone\r--b--\r"};
    EXPECT_EQ(parsed.content("1"), "one");
    EXPECT_TRUE(parsed.has_defect("bare_cr"));
}

TEST(StoredMessage, AnMboxOfSeveralIsReported)
{
    const std::string first = "From a Thu Jan  1 00:00:00 2026\nSubject: 1\n\nFrom here on\n";
    EXPECT_FALSE(Parsed{first}.has_defect("several_messages"));
    const Parsed two{first + "\nFrom b Thu Jan  1 00:00:00 2026\nSubject: 2\n\ntwo\n"};
    EXPECT_TRUE(two.has_defect("several_messages"));
}

} // namespace
} // namespace watchpost::message
