// Hostile and huge reports: what an outsider can send to be taken for one.
#include <gtest/gtest.h>

#include <algorithm>

#include "copy_text.h"

namespace watchpost::copies {
namespace {

using model::CopySetting;
using test::report_with;
using test::usual_report;
using test::with_attachment;

bool has(const Reading& reading, std::string_view defect)
{
    return std::ranges::any_of(reading.defects, [&](const auto& d) { return d.id == defect; });
}

std::string report_of(std::size_t recipients)
{
    std::string text = "Sender: ann@corp.example\r\nSubject: s\r\nMessage-Id: <id@x.example>\r\n";
    for (std::size_t i = 0; i < recipients; ++i) {
        text += "Bcc: user" + std::to_string(i) + "@corp.example\r\n";
    }
    return text;
}

TEST(JournalForm, ThousandsOfRecipientsAreShownUpToANamedLimit)
{
    const auto text = report_with(report_of(6'000), with_attachment);
    const auto message = message::Message::parse(base::as_bytes(text));
    const auto reading = read_copy(message, CopySetting::automatic);
    EXPECT_TRUE(has(reading, "limit_journal_recipients"));
    ASSERT_TRUE(reading.copy);
    EXPECT_TRUE(reading.copy->was_cut);
    EXPECT_EQ(reading.copy->recipients.size(), 5'000U);
    EXPECT_EQ(test::read(text, CopySetting::automatic).recipients.bcc.size(), 5'000U);
}

TEST(JournalForm, AHugeReportIsReadUpToANamedLimit)
{
    const std::string huge =
        std::string{usual_report} + "Label: " + std::string(std::size_t{3} << 20U, 'x') + "\r\n";
    const auto text = report_with(huge, with_attachment);
    const auto message = message::Message::parse(base::as_bytes(text));
    const auto reading = read_copy(message, CopySetting::journal);
    EXPECT_TRUE(has(reading, "limit_journal_bytes"));
    ASSERT_TRUE(reading.copy && reading.copy->journal);
    EXPECT_EQ(reading.copy->recipients.size(), 2U);
    EXPECT_LE(reading.copy->journal->label.size(), Limits{}.field_bytes_max);
}

/// A report by another server about `text`, a message or a report.
std::string reported_by(const std::string& number, const std::string& text)
{
    const std::string boundary = "b" + number;
    return "From: layer" + number +
           "@x.example\r\nMessage-ID: <id@x.example>\r\nX-MS-Journal-Report:\r\n"
           "Content-Type: multipart/mixed; boundary=" +
           boundary + "\r\n\r\n--" + boundary + "\r\n\r\n" + std::string{usual_report} + "--" +
           boundary + "\r\nContent-Type: message/rfc822\r\n\r\n" + text + "\r\n--" + boundary +
           "--\r\n";
}

// Only the outermost report counts, however many are inside.
TEST(JournalForm, AHundredReportsInEachOtherLoseOneLayer)
{
    std::string text{with_attachment};
    for (int i = 0; i < 100; ++i) {
        text = reported_by(std::to_string(i), text);
    }
    const auto model = test::read(text, CopySetting::automatic);
    ASSERT_TRUE(model.copy && model.sender);
    EXPECT_EQ(model.copy->form, "journal_report");
    EXPECT_EQ(model.sender->email.email, "layer98@x.example");
    EXPECT_EQ(model.copy->arrived.sender.value().email.email, "layer99@x.example");
}

TEST(JournalForm, AnythingBesidesTextAndMessageKeepsItFromCountingByItself)
{
    const auto usual = report_with(usual_report, with_attachment);
    const std::string tail = "--out--\r\n";
    const auto with = [&](const std::string& part) {
        return usual.substr(0, usual.size() - tail.size()) + "--out\r\n" + part + tail;
    };
    ASSERT_EQ(test::read(usual, CopySetting::automatic).copy.value().form, "journal_report");
    for (const std::string& part : std::vector<std::string>{
             "Content-Type: text/html\r\n\r\n<a href=x>x</a>\r\n", "\r\nmore text\r\n",
             "Content-Type: application/zip\r\n\r\nPK\r\n",
             "Content-Type: message/rfc822\r\n\r\nFrom: x@x.example\r\n\r\nx\r\n"}) {
        SCOPED_TRACE(part);
        EXPECT_EQ(test::read(with(part), CopySetting::automatic).copy.value().form, "plain");
        EXPECT_EQ(test::read(with(part), CopySetting::journal).copy.value().form, "journal_report");
    }
}

// The number of children is right, but the recipient's program shows the text beside the message.
TEST(JournalForm, AMultipartInPlaceOfTheMessageKeepsItFromCountingByItself)
{
    std::string text = report_with(usual_report, "");
    text.resize(text.find("--out\r\nContent-Type: message/rfc822"));
    text += "--out\r\nContent-Type: multipart/mixed; boundary=nested\r\n\r\n"
            "--nested\r\nContent-Type: text/html\r\n\r\n<a href=x>Your password ends</a>\r\n"
            "--nested\r\nContent-Type: message/rfc822\r\n\r\n" +
            std::string{with_attachment} + "--nested--\r\n--out--\r\n";
    const auto message = message::Message::parse(base::as_bytes(text));
    const auto reading = read_copy(message, CopySetting::automatic);
    ASSERT_EQ(reading.notes.size(), 1U);
    EXPECT_EQ(reading.notes[0].id, "copies.journal_report_damaged");
    EXPECT_EQ(reading.notes[0].detail, "it has parts besides its text and the message");
    EXPECT_EQ(reading.shown, nullptr);
}

std::string brought_back(const std::string& parts)
{
    return "From: postmaster@corp.example\r\nContent-Type: multipart/report; "
           "report-type=delivery-status; boundary=ndr\r\n\r\n" +
           parts + "--ndr\r\nContent-Type: message/rfc822\r\n\r\n" +
           report_with(usual_report, with_attachment) + "--ndr--\r\n";
}

TEST(JournalForm, OnlyAUsualDeliveryStatusReportCountsByItself)
{
    const std::string text = "--ndr\r\n\r\nIt could not be delivered.\r\n";
    const std::string status =
        "--ndr\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;x\r\n";
    const std::string phish = "--ndr\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@x\r\n\r\nx\r\n";
    EXPECT_EQ(test::read(brought_back(text + status), CopySetting::automatic).copy.value().form,
              "journal_report");
    const std::vector<std::string> unusual{
        text, status, status + text, text + status + phish, text + phish, text + text + status};
    for (const std::string& parts : unusual) {
        SCOPED_TRACE(parts);
        const auto carrier = brought_back(parts);
        const auto message = message::Message::parse(base::as_bytes(carrier));
        const auto reading = read_copy(message, CopySetting::automatic);
        EXPECT_EQ(reading.shown, nullptr);
        ASSERT_EQ(reading.notes.size(), 1U);
        EXPECT_EQ(reading.notes[0].id, "copies.journal_report_damaged");
    }
    const auto vouched = test::read(brought_back(text + status + phish), CopySetting::journal);
    EXPECT_EQ(vouched.copy.value().part, "4.2");
    EXPECT_EQ(vouched.copy.value().other_parts, std::vector<std::string>{"3"});
}

std::string without(std::string text, std::string_view what)
{
    return text.erase(text.find(what), what.size());
}

TEST(JournalForm, AMissingMarkerIsNotedAndWithAnotherFaultRaisesAnAlert)
{
    const auto unmarked = [](std::string_view report) {
        return without(report_with(report, with_attachment), "X-MS-Journal-Report:\r\n");
    };
    const std::string more = std::string{usual_report} + "Dear colleagues\r\n";
    const auto note_of = [](const std::string& text) {
        const auto message = message::Message::parse(base::as_bytes(text));
        const auto notes = read_copy(message, CopySetting::journal).notes;
        return notes.empty() ? std::string{} : std::string{notes.at(0).id};
    };
    EXPECT_EQ(note_of(report_with(usual_report, with_attachment)), "");
    EXPECT_EQ(note_of(report_with(more, with_attachment)), "copies.journal_report_altered");
    EXPECT_EQ(note_of(unmarked(usual_report)), "copies.journal_report_altered");
    EXPECT_EQ(note_of(unmarked(more)), "copies.journal_report_damaged");
}

TEST(JournalForm, WithoutBothMessageIdsItDoesNotCountByItself)
{
    const std::string report{usual_report};
    const std::string attached{with_attachment};
    for (const auto& text :
         {report_with(without(report, "<id@x.example>"), attached),
          report_with(report, without(attached, "<id@x.example>")),
          report_with(report, without(attached, "Message-ID: <id@x.example>\r\n")),
          report_with(without(report, "<id@x.example>"), without(attached, "<id@x.example>"))}) {
        SCOPED_TRACE(text);
        const auto message = message::Message::parse(base::as_bytes(text));
        const auto reading = read_copy(message, CopySetting::automatic);
        EXPECT_EQ(reading.shown, nullptr);
        ASSERT_EQ(reading.notes.size(), 1U);
        EXPECT_EQ(reading.notes[0].id, "copies.journal_report_damaged");
        EXPECT_NE(read_copy(message, CopySetting::journal).shown, nullptr);
    }
}

TEST(JournalForm, WhatIsNoMultipartOrHasNothingAttachedIsNoReport)
{
    for (
        const std::string& text : std::vector<std::string>{
            "X-MS-Journal-Report:\r\n\r\n" + std::string{usual_report},
            std::string{"X-MS-Journal-Report:\r\nContent-Type: message/rfc822\r\n\r\nA: b\r\n\r\n"},
            "X-MS-Journal-Report:\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" +
                std::string{usual_report} + "--b--\r\n"}) {
        SCOPED_TRACE(text);
        const auto message = message::Message::parse(base::as_bytes(text));
        const auto reading = read_copy(message, CopySetting::automatic);
        ASSERT_EQ(reading.notes.size(), 1U);
        EXPECT_EQ(reading.notes[0].id, "copies.journal_report_damaged");
        EXPECT_EQ(reading.shown, nullptr);
        EXPECT_EQ(read_copy(message, CopySetting::journal).notes.at(0).id,
                  "copies.unexpected_form");
    }
}

// The reader's own limit keeps a message closed: said, and nothing of it is shown as the message.
TEST(JournalForm, AnAttachedMessageThatWasNotOpenedIsNotShown)
{
    const auto text = report_with(usual_report, with_attachment);
    message::Limits limits;
    limits.depth_max = 1;
    const auto message = message::Message::parse(base::as_bytes(text), limits);
    for (const auto setting : model::all_copy_settings) {
        EXPECT_EQ(read_copy(message, setting).shown, nullptr);
    }
}

} // namespace
} // namespace watchpost::copies
