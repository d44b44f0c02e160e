#include "message/model_builder.h"

#include <gtest/gtest.h>

#include "message/bodies.h"
#include "message_text.h"

namespace watchpost::message {
namespace {

using test::lines;
using test::Parsed;

const std::string sample =
    lines({"Return-Path: <bounce@list.example>",
           "Received: from b.example by c.example with ESMTP id 2; Tue, 1 Jul 2003 10:52:39 +0200",
           "Received: from a by b with SMTP id 1 for <to@c.example>; 1 Jul 2003 10:52:37 +0200",
           "From: =?utf-8?q?Caf=C3=A9?= <Sender@Example.ORG>",
           "To: A <a@c.example>, b@C.example",
           "Cc: c@c.example",
           "Reply-To: r@r.example, s@s.example",
           "Subject: =?utf-8?q?=C3=9C?=ber",
           "Message-ID: <1@a>",
           "In-Reply-To: <0@a>",
           "References: <x@a> <0@a>",
           "Date: Tue, 1 Jul 2003 10:52:37 +0200",
           "X-Mailer: M 1",
           "Content-Type: multipart/mixed; boundary=m",
           "",
           "--m",
           "Content-Type: multipart/alternative; boundary=a",
           "",
           "--a",
           "Content-Type: text/plain; charset=iso-8859-1",
           "",
           "caf\xe9 http://plain.example/",
           "--a",
           "Content-Type: text/html",
           "",
           "<p>caf&eacute; <a href=http://html.example/>here</a>",
           "--a--",
           "--m",
           "Content-Type: application/pdf; name=a.pdf",
           "Content-ID: <cid@x>",
           "Content-Disposition: attachment",
           "Content-Transfer-Encoding: base64",
           "",
           "Zm9v",
           "--m",
           "Content-Type: message/rfc822",
           "",
           "Subject: inner",
           "",
           "inner text",
           "--m--"});

TEST(ModelBuilder, AddressesAndSubjectAreDecodedAndDomainsLowerCase)
{
    const Parsed parsed{sample};
    const auto model = build_model(parsed.message());
    ASSERT_TRUE(model.sender);
    EXPECT_EQ(model.sender->display_name, "Caf\xc3\xa9");
    EXPECT_EQ(model.sender->email.email, "Sender@example.org");
    EXPECT_EQ(model.sender->email.local_part, "Sender");
    EXPECT_EQ(model.sender->email.domain, "example.org");
    ASSERT_EQ(model.recipients.to.size(), 2U);
    EXPECT_EQ(model.recipients.to[1].email.email, "b@c.example");
    EXPECT_EQ(model.recipients.cc.size(), 1U);
    EXPECT_EQ(model.subject, "\xc3\x9c"
                             "ber");
}

TEST(ModelBuilder, HeadersHoldIdsDateAndHopsFromTheNewestOn)
{
    const Parsed parsed{sample};
    const auto headers = build_model(parsed.message()).headers;
    EXPECT_EQ(headers.message_id, "1@a");
    EXPECT_EQ(headers.in_reply_to, std::vector<std::string>{"0@a"});
    EXPECT_EQ(headers.references, (std::vector<std::string>{"x@a", "0@a"}));
    EXPECT_EQ(headers.date, "2003-07-01T08:52:37Z");
    EXPECT_EQ(headers.mailer, "M 1");
    EXPECT_EQ(headers.return_path->email.email, "bounce@list.example");
    EXPECT_EQ(headers.reply_to.size(), 2U);
    EXPECT_EQ(headers.fields.size(), 14U);
    ASSERT_EQ(headers.hops.size(), 2U);
    EXPECT_EQ(headers.hops[0].received_by, "c.example");
    EXPECT_EQ(headers.hops[1].index, 1U);
    EXPECT_EQ(headers.hops[1].received_for, "to@c.example");
    EXPECT_EQ(headers.hops[1].time, "2003-07-01T08:52:37Z");
}

TEST(ModelBuilder, BodiesAreTextsOfTheMessageItselfWithTheirLinks)
{
    const Parsed parsed{sample};
    const auto body = build_model(parsed.message()).body;
    EXPECT_EQ(body.plain, "caf\xc3\xa9 http://plain.example/");
    EXPECT_EQ(body.html, "<p>caf&eacute; <a href=http://html.example/>here</a>");
    EXPECT_EQ(body.html_text, "caf\xc3\xa9 here\n");
    ASSERT_EQ(body.links.size(), 2U);
    EXPECT_EQ(body.links[0].href, "http://plain.example/");
    EXPECT_EQ(body.links[0].source, "text");
    EXPECT_EQ(body.links[0].part, "1.1");
    EXPECT_EQ(body.links[1].href, "http://html.example/");
    EXPECT_EQ(body.links[1].display_text, "here");
    EXPECT_FALSE(body.was_cut);
}

TEST(ModelBuilder, AttachmentsAreAllOtherLeavesWithTheirDigest)
{
    const Parsed parsed{sample};
    const auto attachments = build_model(parsed.message()).attachments;
    ASSERT_EQ(attachments.size(), 2U);
    EXPECT_EQ(attachments[0].part, "2");
    EXPECT_EQ(attachments[0].filename, "a.pdf");
    EXPECT_EQ(attachments[0].content_type, "application/pdf");
    EXPECT_EQ(attachments[0].content_id, "cid@x");
    EXPECT_EQ(attachments[0].disposition, "attachment");
    EXPECT_EQ(attachments[0].size, 3U);
    EXPECT_EQ(attachments[0].sha256,
              "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
    EXPECT_EQ(attachments[1].part, "3");
    EXPECT_EQ(attachments[1].content_type, "message/rfc822");
}

TEST(ModelBuilder, KnownDigestsAreUsedAndNotComputed)
{
    const Parsed parsed{sample};
    ModelOptions options;
    options.digest_of = [](const Part& part) -> std::optional<LeafDigest> {
        return part.path == "2" ? std::optional{LeafDigest{42, {}}} : std::nullopt;
    };
    const auto attachments = build_model(parsed.message(), {}, options).attachments;
    EXPECT_EQ(attachments[0].size, 42U);
    EXPECT_EQ(attachments[0].sha256, std::string(64, '0'));
    EXPECT_EQ(attachments[1].size, 28U);
}

TEST(ModelBuilder, MessageWithoutAnythingHasAnEmptyModel)
{
    const Parsed parsed{""};
    const auto model = build_model(parsed.message());
    EXPECT_FALSE(model.sender);
    EXPECT_TRUE(model.recipients.to.empty());
    EXPECT_FALSE(model.headers.return_path);
    EXPECT_EQ(model.headers.date, "");
    EXPECT_TRUE(model.attachments.empty());
}

TEST(Bodies, NamedTextIsAnAttachmentUnlessItStandsFirst)
{
    const Parsed parsed{lines({"Content-Type: multipart/mixed; boundary=b",
                               "",
                               "--b",
                               "Content-Type: text/plain; name=body.txt",
                               "",
                               "1",
                               "--b",
                               "Content-Type: text/plain; name=notes.txt",
                               "",
                               "2",
                               "--b",
                               "",
                               "3",
                               "--b",
                               "Content-Disposition: attachment",
                               "",
                               "4",
                               "--b",
                               "Content-Type: text/calendar",
                               "",
                               "5",
                               "--b--"})};
    const auto bodies = choose_bodies(parsed.message().root());
    ASSERT_EQ(bodies.plain.size(), 2U);
    EXPECT_EQ(bodies.plain[0]->path, "1");
    EXPECT_EQ(bodies.plain[1]->path, "3");
    EXPECT_EQ(bodies.attachments.size(), 3U);
}

TEST(Bodies, MultipartWithoutBoundaryIsShownAsText)
{
    const Parsed parsed{lines({"Content-Type: multipart/mixed", "", "text"})};
    EXPECT_EQ(build_model(parsed.message()).body.plain, "text\r\n");
}

TEST(BodyText, CharsetOfHtmlIsTakenFromTheHtmlWhereTheFieldHasNone)
{
    const Parsed parsed{"Content-Type: text/html\r\n\r\n<meta charset=\"koi8-r\">\xf0"};
    EXPECT_EQ(build_model(parsed.message()).body.html_text, "\xd0\x9f\n");
}

bool reports(const std::string& text, const ModelLimits& limits, std::string_view id)
{
    const Parsed parsed{text};
    std::vector<Defect> defects;
    ModelOptions options;
    options.defects = &defects;
    static_cast<void>(build_model(parsed.message(), limits, options));
    return std::any_of(defects.begin(), defects.end(), [&](const auto& d) { return d.id == id; });
}

TEST(ModelBuilderStanding, EachLimitIsADefect)
{
    ModelLimits limits;
    limits.plain_bytes_max = 4;
    limits.html_bytes_max = 4;
    limits.fields_max = 3;
    limits.field_bytes_max = 16;
    limits.addresses_max = 1;
    limits.hops_max = 1;
    limits.html.links_max = 1;
    EXPECT_FALSE(reports(sample, {}, "limit_fields"));
    for (const std::string_view id :
         {"limit_body_bytes", "limit_fields", "limit_addresses", "limit_hops"}) {
        EXPECT_TRUE(reports(sample, limits, id)) << id;
    }
    limits = {};
    limits.html.links_max = 1;
    EXPECT_TRUE(reports(sample, limits, "limit_links"));
    limits.html.guard.depth_max = 1;
    EXPECT_TRUE(reports("Content-Type: text/html\r\n\r\n<b><b>", limits, "limit_html"));
    limits.authentication_fields_max = 1;
    const std::string twice = "Authentication-Results: a; none\r\nAuthentication-Results: b; none";
    EXPECT_TRUE(reports(twice + "\r\n\r\n", limits, "limit_authentication_results"));
    EXPECT_FALSE(reports(twice + "\r\n\r\n", {}, "limit_authentication_results"));
}

TEST(ModelBuilderStanding, TextIsReportedWhereItsCharsetDoesNotFit)
{
    EXPECT_TRUE(reports("Content-Type: text/plain; charset=x-no\r\n\r\na", {}, "unknown_charset"));
    EXPECT_TRUE(reports("Content-Type: text/plain; charset=utf-8\r\n\r\n\xff", {},
                        "charset_invalid_bytes"));
    EXPECT_TRUE(reports("Subject: =?x-no?q?a?=\r\n\r\n", {}, "invalid_encoded_word"));
    EXPECT_TRUE(reports("From: a@b <c@d>\r\n\r\n", {}, "address_syntax"));
}

TEST(ModelBuilderStanding, StopsCleanlyAtEveryOffset)
{
    for (std::size_t length = 0; length <= sample.size(); ++length) {
        const Parsed parsed{sample.substr(0, length)};
        const auto model = build_model(parsed.message());
        EXPECT_LE(model.body.plain.size() + model.body.html.size(), 2 * sample.size());
    }
}

TEST(ModelBuilderHostile, AMessageOfLimitsStaysSmall)
{
    std::string text;
    for (int i = 0; i < 100'000; ++i) {
        text += "Received: from a by b; x\r\n";
    }
    text += "To: ";
    for (int i = 0; i < 500'000; ++i) {
        text += "a,";
    }
    text += "\r\n\r\n";
    for (int i = 0; i < 500'000; ++i) {
        text += "www.a ";
    }
    const Parsed parsed{text};
    const auto model = build_model(parsed.message());
    EXPECT_EQ(model.headers.hops.size(), ModelLimits{}.hops_max);
    EXPECT_EQ(model.body.links.size(), HtmlLimits{}.links_max);
}

} // namespace
} // namespace watchpost::message
