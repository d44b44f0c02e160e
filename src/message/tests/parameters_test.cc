#include "message/parameters.h"

#include <gtest/gtest.h>

#include "message/content_fields.h"
#include "message_text.h"

namespace watchpost::message {
namespace {

using test::Parsed;

/// "name=value|name=value", and the defects behind " !".
std::string read(std::string_view text)
{
    const std::string path;
    DefectList list{100};
    DefectLog defects{list, path};
    std::string result;
    for (const auto& [name, value] : parse_parameters(text, 100, defects)) {
        result.append(result.empty() ? "" : "|").append(name).append("=").append(value);
    }
    for (const auto& defect : list.all()) {
        result += " !" + std::string{defect.id};
    }
    return result;
}

TEST(Parameters, TokensQuotesCommentsAndMissingValues)
{
    EXPECT_EQ(read("; charset =us-ascii (Plain text)"), "charset=us-ascii");
    EXPECT_EQ(read(";NAME=\"a \\\"b\\\" c\"; x=y"), "name=a \"b\" c|x=y");
    EXPECT_EQ(read(" ;;;;; = ;; name=\"value\""), "name=value");
    EXPECT_EQ(read("; name=  "), "name=");
    EXPECT_EQ(read("; noequals; x=y"), "x=y");
    EXPECT_EQ(read("; boundary=\"fo\r\n o\""), "boundary=fo o");
}

TEST(Parameters, BlanksInTokensAndUnclosedQuotesAreReported)
{
    EXPECT_EQ(read("; filename=my file.pdf; x=y"), "filename=my file.pdf|x=y !parameter_syntax");
    EXPECT_EQ(read("; name=\"open; x=y"), "name=open; x=y !parameter_syntax");
}

TEST(Parameters, MissingSemicolonIsSeenBeforeTheNextName)
{
    EXPECT_EQ(read("; access-type=mail-server\r\n  server=\"a@b\"; x=y"),
              "access-type=mail-server|server=a@b|x=y");
    EXPECT_EQ(read("\r\n  title*0*=us-ascii'en'a%20\r\n  title*1=b"), "title=a b");
    EXPECT_EQ(read("; name=\"a\" filename=\"b\""), "name=a|filename=b");
}

// RFC 2231 §3, §4, §4.1.
TEST(Parameters, ContinuationsAndCharsets)
{
    EXPECT_EQ(read("; URL*0=\"ftp://\"; URL*1=\"a.b\""), "url=ftp://a.b");
    EXPECT_EQ(read("; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A"),
              "title=This is ***fun***");
    EXPECT_EQ(read("; title*0*=us-ascii'en'This%20is%20even%20more%20; "
                   "title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\""),
              "title=This is even more ***fun*** isn't it!");
    EXPECT_EQ(read("; n*1*=%A9; n*0*=utf-8''caf%C3"), "n=caf\xc3\xa9");
    EXPECT_EQ(read("; name*=\"iso-8859-1''Fr%F6sche\""), "name=Fr\xc3\xb6sche");
    EXPECT_EQ(read("; n*=utf-8''100%; m*=no-quotes%41"), "n=100%|m=no-quotesA");
}

TEST(Parameters, GapsDoublesAndConflictsAreReported)
{
    EXPECT_EQ(read("; n*0=a; n*2=c"), "n=ac !parameter_gap");
    EXPECT_EQ(read("; n=a; n=b"), "n=a !duplicate_parameter");
    EXPECT_EQ(read("; n*0=a; n*0=b"), "n=a !duplicate_parameter");
    EXPECT_EQ(read("; n=a.txt; n*=utf-8''a.exe"), "n=a.exe !parameter_conflict");
    EXPECT_EQ(read("; n=a.txt; n*=utf-8''a.txt"), "n=a.txt");
    EXPECT_EQ(read("; n*=x-none''a"), "n=a !unknown_charset");
}

TEST(Parameters, EncodedWordsAreDecodedButNotInABoundary)
{
    EXPECT_EQ(read("; name=\"=?utf-8?q?caf=C3=A9?=.png\""),
              "name=caf\xc3\xa9.png !encoded_word_in_parameter");
    EXPECT_EQ(read("; name==?utf-8?q?caf=C3=A9?="), "name=caf\xc3\xa9 !encoded_word_in_parameter");
    EXPECT_EQ(read("; boundary=\"=?utf-8?q?x?=\""), "boundary==?utf-8?q?x?= !boundary_notation");
    EXPECT_EQ(read("; name=\"caf\xe9\""), "name=caf\xc3\xa9");
}

TEST(Parameters, StarsInStrangePlacesDoNoHarm)
{
    EXPECT_EQ(read("; *=a; **=b; n**=c; n*x*=d; n*99999999999999999999=e"),
              "*=b|n*=c|n*x=d|n*99999999999999999999=e");
}

TEST(ParametersStanding, StopsCleanlyAtEveryOffset)
{
    const std::string_view text = "; a=\"b\\\"c\"; n*0*=utf-8'en'x%20; n*1=y (z (q)) ; t=u v=w";
    for (std::size_t length = 0; length <= text.size(); ++length) {
        EXPECT_LE(read(text.substr(0, length)).size(), 200U);
    }
}

TEST(ParametersHostile, MebibytesOfNamesCommentsAndQuotesStayLinear)
{
    for (const std::string_view unit : {"; a", "=", ";", "(", "\"", "\\", " a", "; a=b c", "*0*=%",
                                        "; n*1=", "a=(", " (", "=\""}) {
        std::string text;
        while (text.size() < (std::size_t{4} << 20U)) {
            text += unit;
        }
        EXPECT_LE(read(text).size(), 16U * text.size());
    }
}

std::string type_of(std::string_view value)
{
    const std::string path;
    DefectList list{100};
    DefectLog defects{list, path};
    const auto type = parse_content_type(value, {}, defects);
    return type.media_type() + (list.all().empty() ? "" : " !") +
           std::string{list.all().empty() ? "" : list.all().front().id};
}

TEST(ParametersHostile, RunsOfBlanksAndCommentsInAValueStayLinear)
{
    const std::string blanks(1U << 20U, ' ');
    EXPECT_EQ(read("; a=x" + blanks + "y; b=z"), "a=x" + blanks + "y|b=z !parameter_syntax");
    std::string comments;
    for (int i = 0; i < 200'000; ++i) {
        comments += " (c)";
    }
    EXPECT_TRUE(read("; a=x" + comments + "y; b=z").ends_with("|b=z !parameter_syntax"));
}

TEST(ContentTypeField, AQuotedTypeAndMultipartAloneAreReadAsMailProgramsDo)
{
    const Parsed quoted{"Content-Type: \"multipart/mixed\"; boundary=b\n\n--b\n\none\n--b--\n"};
    EXPECT_EQ(quoted.leaves(), "1 text/plain");
    const Parsed alone{"Content-Type: multipart; boundary=b\n\n--b\n\none\n--b--\n"};
    EXPECT_EQ(alone.leaves(), "1 text/plain");
}

TEST(ContentTypeField, AnEmptyFieldHidesNoLaterOne)
{
    const Parsed parsed{"Content-Transfer-Encoding:\nContent-Transfer-Encoding: base64\n\nb25l"};
    EXPECT_EQ(parsed.content("1"), "one");
}

TEST(ContentTypeField, AFileNameWithoutATypeIsKept)
{
    const Parsed type{"Content-Type: name=b.exe\n\nx"};
    EXPECT_EQ(type.root().filename, "b.exe");
    const Parsed disposition{"Content-Disposition: filename=b.exe\n\nx"};
    EXPECT_EQ(disposition.root().filename, "b.exe");
}

TEST(ContentTypeField, TheOtherOfTwoFileNamesIsKept)
{
    const Parsed parsed{"Content-Type: a/b; name=evil.exe\nContent-Disposition: attachment; "
                        "filename=safe.txt\n\nx"};
    EXPECT_EQ(parsed.root().filename, "safe.txt");
    EXPECT_EQ(parsed.root().other_filename, "evil.exe");
}

TEST(ContentTypeField, TypeAndSubtypeAreReadAmongBlanksAndComments)
{
    EXPECT_EQ(type_of(" Text/PLAIN; charset=x"), "text/plain");
    EXPECT_EQ(type_of("(hello) text (plain) / (world) plain (eod)"), "text/plain");
    EXPECT_EQ(type_of("application/ld+json"), "application/ld+json");
    EXPECT_EQ(type_of("text/caf\xe9"), "text/caf\xc3\xa9"); // all texts are UTF-8
}

TEST(ContentTypeField, WhatCannotBeReadIsTextAndReported)
{
    for (const std::string_view value : {"", "text", "text/", "/plain", ";charset=x", "/", "=="}) {
        EXPECT_EQ(type_of(value), "text/plain !invalid_content_type") << value;
    }
}

TEST(ContentDisposition, UnknownTypesAreAttachments)
{
    const test::Parsed parsed{"Content-Disposition: form-data; filename=x\r\n\r\n"};
    EXPECT_EQ(parsed.root().disposition, "attachment");
    EXPECT_TRUE(parsed.has_defect("invalid_disposition"));
    EXPECT_EQ(test::Parsed{"Content-Disposition: Inline\r\n\r\n"}.root().disposition, "inline");
}

} // namespace
} // namespace watchpost::message
