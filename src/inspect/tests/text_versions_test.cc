// Texts in charsets that hide words from who does not decode them, as engines see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

std::string utf16le(std::string_view ascii)
{
    std::string wide;
    for (const char c : ascii) {
        wide += {c, '\0'};
    }
    return wide;
}

std::string mail(const std::string& type, const std::string& content)
{
    return "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: " + type +
           "\r\n\r\n" + content;
}

Lines defects_of(const Run& result)
{
    Lines found;
    for (const DefectInfo& defect : result.report.defects) {
        found.push_back(defect.part + ' ' + defect.id + ' ' + defect.detail);
    }
    return found;
}

Lines alarms_of(const Run& result)
{
    Lines found;
    for (const auto& finding : result.report.findings) {
        found.push_back(finding.part + ' ' + finding.id);
    }
    return found;
}

TEST(TextVersions, DecodedTextReachesTheEnginesBesideTheOctets)
{
    const auto result = run(mail("text/plain; charset=utf-16le", utf16le("an ALARM")));
    EXPECT_THAT(result.paths(), ElementsAre("1", "1!text in utf-16le.txt"));
    EXPECT_THAT(alarms_of(result), ElementsAre("1!text in utf-16le.txt fake.alarm"));
    EXPECT_THAT(defects_of(result), ElementsAre("1 charset_unsuitable utf-16le"));
    EXPECT_EQ(result.report.message.body.plain, "an ALARM");
    EXPECT_THAT(result.gaps(), IsEmpty());
}

TEST(TextVersions, UnambiguousTextIsInspectedOnce)
{
    const auto result = run(mail("text/plain; charset=utf-8", "an ALARM caf\xc3\xa9"));
    EXPECT_THAT(result.paths(), ElementsAre("1"));
    EXPECT_THAT(defects_of(result), IsEmpty());
}

TEST(TextVersions, Utf7IsEvidence)
{
    const auto result = run(mail("text/plain; charset=utf-7", "+AEEATABBAFIATQ- see"));
    EXPECT_THAT(alarms_of(result),
                ElementsAre("1 structure.utf7", "1!text in utf-7.txt fake.alarm"));
    EXPECT_THAT(defects_of(result), ElementsAre("1 utf7_text utf-7"));
}

TEST(TextVersions, HtmlIsReadByItsCharsetOnceAndByOthersToo)
{
    const auto shown =
        run(mail("text/html; charset=utf-16le", utf16le("<a href=https://e.example/>ALARM</a>")));
    EXPECT_THAT(shown.paths(), ElementsAre("1", "1!text in utf-16le.html"));
    ASSERT_EQ(shown.report.message.html.size(), 1U);
    ASSERT_EQ(shown.report.message.body.links.size(), 1U);
    EXPECT_EQ(shown.report.message.body.html_text, "ALARM\n");
    const auto other = run(mail("text/html; charset=utf-8",
                                "<meta charset=utf-7>+ADw-a href=https://e.example/+AD4-x"));
    ASSERT_EQ(other.report.message.html.size(), 2U);
    EXPECT_EQ(other.report.message.html[1].part, "1!text in utf-7.html");
    ASSERT_EQ(other.report.message.body.links.size(), 2U); // the first one stands in the text
    EXPECT_EQ(other.report.message.body.links[1].part, "1!text in utf-7.html");
    EXPECT_EQ(other.report.message.body.links[1].source, "href");
    EXPECT_THAT(defects_of(other), Contains("1 charset_conflict utf-8, utf-7"));
}

TEST(TextVersions, LinksOfATextInAnotherCharsetAreTold)
{
    const auto result =
        run(mail("text/plain; charset=utf-16", utf16le("go to https://e.example/")));
    const auto& links = result.report.message.body.links;
    ASSERT_EQ(links.size(), 1U);
    EXPECT_EQ(links[0].href, "https://e.example/");
    EXPECT_EQ(links[0].part, "1!text in utf-16le.txt");
}

TEST(TextVersions, SecondCharsetOfADoubledParameterIsAReading)
{
    const auto result = run(mail("text/plain; charset=utf-8; charset=utf-7", "+AEEATABBAFIATQ-"));
    EXPECT_THAT(alarms_of(result), Contains("1!text in utf-7.txt fake.alarm"));
    EXPECT_THAT(defects_of(result), Contains(" duplicate_parameter charset"));
}

TEST(TextVersions, TextFilesInArchivesAreDecodedToo)
{
    const auto zip = make_zip({{"a.js", "\xff\xfe" + utf16le("eval('ALARM')")}});
    const auto result = run(make_message({text_part("see"), attachment_part("a.zip", zip)}));
    EXPECT_THAT(alarms_of(result), ElementsAre("2!a.js!text in utf-16le.txt fake.alarm"));
}

TEST(TextVersions, CountAsFilesOfTheMessage)
{
    InspectionSettings settings;
    settings.unpack_limits.members_max = 0;
    const auto result = run(mail("text/plain; charset=utf-16le", utf16le("ALARM")), settings);
    EXPECT_THAT(result.gaps(), ElementsAre("1 limit_members"));
}

} // namespace
} // namespace watchpost::inspect::test
