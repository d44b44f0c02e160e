#include "pipeline/message_record.h"

#include <gtest/gtest.h>

namespace watchpost::pipeline {
namespace {

model::Mailbox mailbox(const std::string& email)
{
    return {"", {email, "", "", ""}};
}

ScanReport scan_of(model::MessageModel message)
{
    ScanReport scan;
    scan.report.message = std::move(message);
    return scan;
}

model::MessageModel carried(std::string form)
{
    model::MessageModel message;
    message.sender = mailbox("ann@x.example");
    message.recipients = {{mailbox("to@x.example")}, {}, {mailbox("bcc@x.example")}};
    auto& copy = message.copy.emplace();
    copy.form = std::move(form);
    copy.arrived.sender = {"Exchange", {"exchange@x.example", "", "", ""}};
    return message;
}

TEST(MessageRecord, BlindRecipientsStandAmongTheOthersAndAlone)
{
    const auto record = make_record({}, scan_of(carried("journal_report")), base::now());
    EXPECT_EQ(record.recipients, (std::vector<std::string>{"to@x.example", "bcc@x.example"}));
    EXPECT_EQ(record.blind_recipients, std::vector<std::string>{"bcc@x.example"});
}

TEST(MessageRecord, AThousandOpenRecipientsHideNoBlindOne)
{
    auto message = carried("journal_report");
    message.recipients.to.assign(recipients_max, mailbox("to@x.example"));
    message.recipients.cc.assign(10, mailbox("cc@x.example"));
    const auto record = make_record({}, scan_of(message), base::now());
    EXPECT_EQ(record.recipients.size(), recipients_max);
    EXPECT_EQ(record.recipients.back(), "bcc@x.example");
    EXPECT_EQ(record.blind_recipients, std::vector<std::string>{"bcc@x.example"});
}

TEST(MessageRecord, BlindRecipientsAreTheTailThatIsKept)
{
    auto message = carried("journal_report");
    message.recipients.to.assign(recipients_max, mailbox("to@x.example"));
    message.recipients.bcc.assign(recipients_max + 1, mailbox("bcc@x.example"));
    const auto full = make_record({}, scan_of(message), base::now());
    EXPECT_EQ(full.recipients.size(), recipients_max);
    EXPECT_EQ(full.blind_recipients.size(), recipients_max / 2);
    message.recipients.to.resize(1);
    const auto blind = make_record({}, scan_of(message), base::now());
    EXPECT_EQ(blind.recipients.size(), recipients_max);
    EXPECT_EQ(blind.blind_recipients.size(), recipients_max - 1);
}

TEST(MessageRecord, TheCarrierIsNamedUnlessTheCopyIsTheMessageItself)
{
    const auto report = make_record({}, scan_of(carried("journal_report")), base::now());
    EXPECT_EQ(report.sender, "ann@x.example");
    EXPECT_EQ(report.copy_form, "journal_report");
    EXPECT_EQ(report.arrived_from, "Exchange <exchange@x.example>");
    const auto plain = make_record({}, scan_of(carried("plain")), base::now());
    EXPECT_EQ(plain.copy_form + plain.arrived_from, "");
}

} // namespace
} // namespace watchpost::pipeline
