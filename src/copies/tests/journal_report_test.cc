#include "copies/journal_report.h"

#include <gtest/gtest.h>

namespace watchpost::copies {
namespace {

constexpr std::string_view begin =
    "Sender: ann@x.example\r\nSubject: s\r\nMessage-Id: <1@x.example>\r\n";

JournalReport parse(std::string_view rest)
{
    return parse_journal_report(std::string{begin} + std::string{rest});
}

TEST(JournalReport, FieldsAreReadWhateverTheirCase)
{
    const auto report = parse_journal_report(
        "SENDER: Ann <ann@X.example>\nOn-behalf-of: boss@x.example\nsubject:  a: b \n"
        "MESSAGE-ID: <1@x>\nLabel: secret\nMailbox: ann@x.example\nSentUtc: 1/2/2026\n"
        "ReceivedUtc: 1/3/2026\nTO: bob@x.example\n");
    EXPECT_EQ(report.fault, "");
    EXPECT_EQ(report.fields.sender, "ann@x.example");
    EXPECT_EQ(report.fields.on_behalf_of, "boss@x.example");
    EXPECT_EQ(report.fields.subject, "a: b");
    EXPECT_EQ(report.fields.message_id, "1@x");
    EXPECT_EQ(report.fields.label, "secret");
    EXPECT_EQ(report.fields.mailbox, "ann@x.example");
    EXPECT_EQ(report.fields.sent_at, "1/2/2026");
    EXPECT_EQ(report.fields.received_at, "1/3/2026");
}

TEST(JournalReport, ARecipientKeepsWhatLedToIt)
{
    const auto report =
        parse("Cc: fwd@x.example, Forwarded: user@x.example\r\n"
              "bcc: m@x.example ,expanded:  list@x.example\r\n"
              "Recipient: r@x.example, Expanded: l@x.example, Forwarded: f@x.example\r\n");
    EXPECT_EQ(report.fault, "");
    ASSERT_EQ(report.recipients.size(), 3U);
    EXPECT_EQ(report.recipients[0].field, "cc");
    EXPECT_EQ(report.recipients[0].forwarded_from, "user@x.example");
    EXPECT_EQ(report.recipients[1].mailbox.email.email, "m@x.example");
    EXPECT_EQ(report.recipients[1].expanded_from, "list@x.example");
    EXPECT_EQ(report.recipients[2].field, "envelope");
    EXPECT_EQ(report.recipients[2].expanded_from, "l@x.example");
    EXPECT_EQ(report.recipients[2].forwarded_from, "f@x.example");
}

TEST(JournalReport, AQuotedAddressIsNotTakenApart)
{
    const auto report = parse("To: \"a, Expanded: b\"@x.example, Expanded: list@x.example\r\n");
    EXPECT_EQ(report.fault, "");
    ASSERT_EQ(report.recipients.size(), 1U);
    EXPECT_EQ(report.recipients[0].expanded_from, "list@x.example");
}

TEST(JournalReport, WhatNoReportHasIsNamedAndKept)
{
    EXPECT_EQ(parse("To: b@x\r\nhello\r\n").fault, "has a line that no report has: hello");
    EXPECT_EQ(parse("To: b@x\r\nhello\r\n").fields.other_lines, std::vector<std::string>{"hello"});
    EXPECT_EQ(parse("To: b@x\r\nSubject: other\r\n").fault,
              "has \"subject\" twice: Subject: other");
    EXPECT_EQ(parse("To: b@x\r\nSubject: other\r\n").fields.subject, "s");
    EXPECT_EQ(parse("To: ,\r\n").fault, "has a recipient without an address: To: ,");
    EXPECT_EQ(parse("To: a@x, b@x\r\n").fault, "names several recipients in one line");
    EXPECT_EQ(parse("To: a@x, b@x\r\n").recipients.size(), 2U);
    EXPECT_EQ(parse("To: nobody\r\n").fault, "has a recipient that is no address: To: nobody");
    EXPECT_EQ(parse("To: \"\"\"\r\n").fault, "has a recipient that is no address: To: \"\"\"");
    EXPECT_EQ(parse("").fault, "names no recipient");
    EXPECT_EQ(parse_journal_report("").fault, "names no sender");
    EXPECT_EQ(parse_journal_report("Subject: s\nSender: a@x\nMessage-ID: <1>\nTo: b@x\n").fault,
              "does not begin with the sender");
}

TEST(JournalReport, ARecipientBeforeTheMessageIdIsNotBelieved)
{
    const auto report = parse_journal_report(
        "Sender: a@x\r\nSubject: s\r\nBcc: ceo@x\r\nMessage-Id: <1>\r\nTo: b@x\r\n");
    EXPECT_EQ(report.fault, "names a recipient before the Message-ID: Bcc: ceo@x");
    ASSERT_EQ(report.recipients.size(), 1U);
    EXPECT_EQ(report.recipients[0].mailbox.email.email, "b@x");
}

std::string recipients_of(const JournalReport& report)
{
    std::string text;
    for (const auto& recipient : report.recipients) {
        text += recipient.mailbox.email.email + ' ';
    }
    return text;
}

TEST(JournalReport, RecipientsBetweenTwoMessageIdsAreNotBelieved)
{
    const auto report = parse_journal_report("Sender: a@x\r\nSubject: s\r\nMessage-Id: <1>\r\n"
                                             "Bcc: ceo@x\r\nMessage-Id: <1>\r\nTo: b@x\r\n");
    EXPECT_EQ(report.fault, "has \"message-id\" twice: Message-Id: <1>");
    EXPECT_TRUE(report.is_disordered);
    EXPECT_EQ(recipients_of(report), "b@x ");
}

TEST(JournalReport, ASubjectBehindTheMessageIdBringsNoRecipients)
{
    const std::string head = "Sender: a@x\r\nMessage-Id: <1>\r\nSubject: s\r\n";
    const auto bare = parse_journal_report(head + "Bcc: ceo@x\r\n");
    EXPECT_EQ(bare.fault, "names a recipient right behind the subject: Bcc: ceo@x");
    EXPECT_TRUE(bare.is_disordered);
    EXPECT_EQ(recipients_of(bare), "");
    const std::string sent = "SentUtc: 11/3/2026 8:00:00 AM\r\n";
    EXPECT_EQ(recipients_of(parse_journal_report(head + "Bcc: ceo@x\r\n" + sent + "To: b@x\r\n")),
              "b@x ");
    const auto twice = parse_journal_report(head + sent + "Bcc: ceo@x\r\n" + sent + "To: b@x\r\n");
    EXPECT_TRUE(twice.is_disordered);
    EXPECT_EQ(recipients_of(twice), "b@x ");
}

TEST(JournalReport, ControlCharactersStayOutOfTheFault)
{
    const auto fault = parse("To: b@x\r\n\x1b[2Jgone\r\n").fault;
    EXPECT_EQ(fault.find('\x1b'), std::string::npos);
}

} // namespace
} // namespace watchpost::copies
