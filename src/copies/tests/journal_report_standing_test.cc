// The three standing tests of the parser of reports, and what hostile ones cost.
#include <gtest/gtest.h>

#include "copies/journal_report.h"

namespace watchpost::copies {
namespace {

const std::string sample =
    "Sender: \"Ann, Price\" <ann@x.example>\r\nOn-Behalf-Of: boss@x.example\r\n"
    "Subject: f\xc3\xbcr alle:\r\n eine Zeile mehr\r\nMessage-Id: <1@x.example>\r\n"
    "To: \"a, Expanded: b\"@x.example, Expanded: list@x.example\r\n"
    "Cc: c@x.example\r\nBcc: d@x.example, Forwarded: e@x.example\r\nsomething else\r\n";

std::string describe(const JournalReport& report)
{
    std::string text = report.fields.sender + '|' + report.fields.on_behalf_of + '|' +
                       report.fields.subject + '|' + report.fields.message_id + '|' + report.fault;
    for (const auto& recipient : report.recipients) {
        text += '|' + recipient.field + ' ' + recipient.mailbox.email.email + ' ' +
                recipient.expanded_from + ' ' + recipient.forwarded_from;
    }
    return text;
}

// The whole text is in memory: what "split" means is where in it the report lies.
TEST(JournalReportStanding, EveryPlaceInALargerBufferGivesTheSameReport)
{
    const auto expected = describe(parse_journal_report(sample));
    for (std::size_t before = 0; before < 40; ++before) {
        const std::string around = std::string(before, ' ') + sample + "\r\nBcc: z@x.example\r\n";
        const auto view = std::string_view{around}.substr(before, sample.size());
        EXPECT_EQ(describe(parse_journal_report(view)), expected);
    }
}

TEST(JournalReportStanding, StopsCleanlyAtEveryOffset)
{
    const auto whole = parse_journal_report(sample);
    for (std::size_t length = 0; length <= sample.size(); ++length) {
        const auto report = parse_journal_report(std::string_view{sample}.substr(0, length));
        EXPECT_LE(report.recipients.size(), whole.recipients.size() + 1); // "Expan" of "Expanded:"
        EXPECT_LE(describe(report).size(), describe(whole).size() + length);
    }
}

TEST(JournalReportStanding, EachLimitIsSeen)
{
    Limits limits;
    limits.recipients_max = 2;
    limits.other_lines_max = 1;
    limits.other_line_bytes_max = 3;
    const auto report =
        parse_journal_report("Sender: a@x\nMessage-ID: <1>\nTo: b@x\nTo: c@x\nTo: d@x\n"
                             "gar\xc3\xbcnicht\nmore\n",
                             limits);
    EXPECT_TRUE(report.was_cut);
    EXPECT_EQ(report.recipients.size(), 2U);
    EXPECT_EQ(report.fields.other_lines, std::vector<std::string>{"gar"});
}

// Linear work: megabytes of the worst come to an end within the test's time.
TEST(JournalReportStanding, MegabytesOfTheWorstAreReadToTheirEnd)
{
    const std::string head = "Sender: a@x\nMessage-ID: <1>\n";
    constexpr std::size_t count = 200'000;
    std::string redirections = head + "To: a@x";
    std::string commas = head + "Recipients:\n";
    std::string folded = head + "Subject: s\n";
    for (std::size_t i = 0; i < count; ++i) {
        redirections += ", Expanded: l";
        commas += ",,,,,,,, ";
        folded += " x\n";
    }
    EXPECT_EQ(parse_journal_report(redirections).recipients.size(), 1U);
    EXPECT_TRUE(parse_journal_report(commas).recipients.empty());
    EXPECT_LE(parse_journal_report(folded).fields.subject.size(), Limits{}.field_bytes_max);
    EXPECT_EQ(parse_journal_report(head + "To: " + std::string(count * 10, '"')).fault.empty(),
              false);
}

std::size_t bytes_of(const JournalReport& report)
{
    std::size_t bytes = 0;
    for (const auto& recipient : report.recipients) {
        bytes += recipient.mailbox.email.email.size() + recipient.expanded_from.size() +
                 recipient.forwarded_from.size();
    }
    return bytes;
}

// Many addresses in one line times one long origin: the product has a bound.
TEST(JournalReportStanding, ALongOriginOfManyAddressesIsKeptShort)
{
    constexpr std::size_t count = 5'000;
    std::string line = "Sender: a@x\nMessage-ID: <1>\nTo: a@b";
    for (std::size_t i = 1; i < count; ++i) {
        line += ",a@b";
    }
    for (const char* const redirection : {", Expanded: ", ", Forwarded: "}) {
        const auto report = parse_journal_report(line + redirection +
                                                 std::string(std::size_t{2} << 20U, 'a') + "\n");
        EXPECT_EQ(report.recipients.size(), count);
        EXPECT_LE(bytes_of(report), count * 1'100);
    }
}

} // namespace
} // namespace watchpost::copies
