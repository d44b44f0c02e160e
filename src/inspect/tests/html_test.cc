// What HTML leaves show, hide and hold, as it stands in the report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "inspect/html_leaf.h"
#include "message/html.h"
#include "recording_engine.h"
#include "support/mail_maker.h"

namespace watchpost::inspect::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using watchpost::test::attachment_part;
using watchpost::test::make_message;
using watchpost::test::make_zip;
using watchpost::test::text_part;

std::string html_mail(const std::string& html)
{
    return "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
           "Content-Type: text/html; charset=utf-8\r\n\r\n" +
           html;
}

TEST(HtmlLeaf, BodyShowsWhatIsSeenAndTellsWhatIsHidden)
{
    const auto report =
        run(html_mail("pay<i style='font-size:0'>xx</i>pal<form action=https://e.example/>"
                      "<input type=password></form>"))
            .report;
    EXPECT_EQ(report.message.body.html_text, "paypal\n");
    EXPECT_EQ(report.message.body.hidden_text, "xx\n");
    ASSERT_EQ(report.message.html.size(), 1U);
    const auto& document = report.message.html[0];
    EXPECT_EQ(document.part, "1");
    EXPECT_EQ(document.reading, "strict");
    EXPECT_THAT(document.hidden_by, ElementsAre("font_size"));
    EXPECT_EQ(document.text + document.hidden_text, ""); // they stand in the body
    EXPECT_THAT(document.forms, ElementsAre(model::HtmlForm{"https://e.example/", "get", 1}));
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_THAT(report.not_inspected, IsEmpty());
}

TEST(HtmlLeaf, AttachmentHasItsTextsAndLinks)
{
    const auto report =
        run(make_message(
                {text_part("see"),
                 attachment_part("Invoice.HTM", "<p>log in <i hidden>not</i>"
                                                "<base href=https://e.example/a/><a href=x>"
                                                "www.bank.example</a>")}))
            .report;
    ASSERT_EQ(report.message.html.size(), 1U);
    EXPECT_EQ(report.message.html[0].part, "2");
    EXPECT_EQ(report.message.html[0].text, "log in www.bank.example\n");
    EXPECT_EQ(report.message.html[0].hidden_text, "not\n");
    const auto& links = report.message.body.links;
    ASSERT_EQ(links.size(), 2U);
    EXPECT_EQ(links[1].href, "https://e.example/a/x");
    EXPECT_EQ(links[1].written, "x");
    EXPECT_EQ(links[1].shown_address, "www.bank.example");
    EXPECT_TRUE(links[1].is_mismatched);
    EXPECT_EQ(links[1].source, "href");
    EXPECT_EQ(links[1].part, "2");
}

TEST(HtmlLeaf, FilesInDataAddressesAndScriptsAreLeaves)
{
    const auto zip = make_zip({{"a.exe", "ALARM"}});
    const auto result =
        run(html_mail("<a download=bill.zip href='data:application/zip;base64," +
                      base::to_base64(zip) + "'>x</a><script>f = atob('" +
                      base::to_base64("ALARM" + std::string(80, 'x')) + "')</script>"));
    EXPECT_THAT(result.paths(),
                ElementsAre("1", "1!bill.zip", "1!bill.zip!a.exe", "1!script data 2"));
    EXPECT_THAT(result.engine_saw, Contains("1!bill.zip!a.exe member a.exe"));
    EXPECT_EQ(result.report.findings.size(), 3U); // the archive stores its member in clear
    EXPECT_EQ(result.report.message.html.at(0).objects, 2U);
    EXPECT_THAT(result.report.message.html.at(0).smuggling,
                ElementsAre("atob(", "download attribute"));
}

TEST(HtmlLeaf, DocumentsInDocumentsEndAtTheDepthLimit)
{
    InspectionSettings settings;
    settings.unpack_limits.depth_max = 2;
    std::string html = "<html>ALARM";
    for (int level = 0; level < 3; ++level) {
        html = "<html><iframe src='data:text/html;base64," + base::to_base64(html) + "'>";
    }
    const auto result = run(html_mail(html), settings);
    EXPECT_THAT(result.paths(), ElementsAre("1", "1!data 1", "1!data 1!data 1"));
    EXPECT_THAT(result.gaps(), ElementsAre("1!data 1!data 1 limit_depth"));
}

TEST(HtmlLeaf, LimitsOfFilesAreSaid)
{
    std::string html;
    for (std::size_t i = 0; i <= message::HtmlLimits{}.objects_max; ++i) {
        html += "<img src='data:,a'>";
    }
    EXPECT_THAT(run(html_mail(html)).gaps(), ElementsAre("1 limit_html_objects"));

    InspectionSettings settings;
    settings.unpack_limits.members_max = 1;
    EXPECT_THAT(run(html_mail("<img src='data:,a'><img src='data:,b'>"), settings).gaps(),
                ElementsAre("1 limit_members"));
    settings = {};
    settings.unpack_limits.total_bytes_max = 3;
    EXPECT_THAT(run(html_mail("<img src='data:,aa'><img src='data:,bb'>"), settings).gaps(),
                ElementsAre("1 limit_total_bytes"));
}

TEST(HtmlLeaf, Utf16ByItsByteOrderMark)
{
    std::string wide = "\xff\xfe";
    for (const char c : std::string_view{"<p>hi<i hidden>no</i>"}) {
        wide += {c, '\0'};
    }
    const auto report = run(make_message({attachment_part("a.html", wide)})).report;
    ASSERT_EQ(report.message.html.size(), 1U);
    EXPECT_EQ(report.message.html[0].text, "hi\n");
}

TEST(HtmlLeaf, IsWhatProgramsOpenAsHtml)
{
    EXPECT_TRUE(is_html("text/html", "", ""));
    EXPECT_TRUE(is_html("application/xhtml+xml", "", ""));
    EXPECT_TRUE(is_html("application/octet-stream", "a.HTM", "text/plain"));
    EXPECT_TRUE(is_html("application/octet-stream", "", "text/html"));
    EXPECT_FALSE(is_html("text/plain", "a.txt", "text/plain"));
    EXPECT_FALSE(is_html("text/plain", ".html", "text/plain"));
}

// The same as with one document that nobody kept.
TEST(HtmlLeaf, BodiesBeyondWhatTheWalkKeepsAreReadAgain)
{
    const std::string first(std::size_t{1} << 20U, 'a');
    const std::string second(std::size_t{1} << 20U, 'b');
    const std::string mail =
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/html\r\n\r\n" +
        first + "\r\n--b\r\nContent-Type: text/html\r\n\r\n" + second + "x\r\n--b--\r\n";
    const auto body = run(mail).report.message.body;
    EXPECT_TRUE(body.was_cut);
    EXPECT_EQ(body.html_text.substr(0, first.size()), first);
}

} // namespace
} // namespace watchpost::inspect::test
