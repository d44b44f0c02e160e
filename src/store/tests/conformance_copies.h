// The part of the conformance suite that is about how messages arrived; beside conformance.h.
#pragma once

#include "store/tests/conformance.h"

namespace watchpost::store {

TEST_P(StoreConformance, AnAlertKeepsHowItsMessageArrived)
{
    auto record = detected();
    record.sender = "Ann <ann@corp.example>";
    record.blind_recipients = {"bob@example.org"};
    record.copy_form = "journal_report";
    record.arrived_from = "carrier@elsewhere.example";
    const auto alert = store->alert(scope(), raise(record)).value().alert;
    EXPECT_EQ(alert.blind_recipients, record.blind_recipients);
    EXPECT_EQ(alert.copy_form, "journal_report");
    EXPECT_EQ(alert.arrived_from, record.arrived_from);
    AlertQuery query; // a forged report hides nobody
    query.sender_words = "carrier elsewhere";
    EXPECT_EQ(store->alerts(scope(), query).value().items.at(0).id, alert.id);
    query.sender_words = "ann corp";
    EXPECT_EQ(store->alerts(scope(), query).value().total, 1U);
}

TEST_P(StoreConformance, ARepeatedInspectionShowsTheMessageAsItIsReadNow)
{
    auto record = detected();
    record.sender = "carrier@elsewhere.example";
    const auto id = raise(record);
    record.sender = "ann@corp.example";
    record.recipients = {"erin@corp.example"};
    record.blind_recipients = record.recipients;
    record.subject = "Inside";
    record.copy_form = "attached_message";
    record.arrived_from = "carrier@elsewhere.example";
    ASSERT_TRUE(store->record_reinspection(record));
    const auto alert = store->alert(scope(), id).value().alert;
    EXPECT_EQ(alert.sender, "ann@corp.example");
    EXPECT_EQ(alert.recipients, record.recipients);
    EXPECT_EQ(alert.subject, "Inside");
    EXPECT_EQ(alert.copy_form, "attached_message");
    AlertQuery query;
    query.recipient_words = "erin";
    EXPECT_EQ(store->alerts(scope(), query).value().total, 1U);
}

// The inspector died: what an inspection that gave no answer does not know stays.
TEST_P(StoreConformance, ARepeatedInspectionWithoutAnAnswerKeepsWhatIsKnownOfTheMessage)
{
    auto record = detected();
    record.sender = "ann@corp.example";
    record.recipients = {"erin@corp.example"};
    record.blind_recipients = record.recipients;
    record.subject = "Inside";
    record.copy_form = "journal_report";
    record.arrived_from = "carrier@elsewhere.example";
    const auto id = raise(record);
    const auto before = store->alert(scope(), id).value().alert;
    MessageRecord empty;
    empty.id = record.id;
    empty.is_detected = true;
    empty.is_partial = true;
    empty.sentence = "The message could not be inspected.";
    ASSERT_TRUE(store->record_reinspection(empty));
    const auto alert = store->alert(scope(), id).value().alert;
    EXPECT_TRUE(alert.is_partial);
    EXPECT_EQ(alert.sender, before.sender);
    EXPECT_EQ(alert.recipients, before.recipients);
    EXPECT_EQ(alert.blind_recipients, before.blind_recipients);
    EXPECT_EQ(alert.subject, "Inside");
    EXPECT_EQ(alert.copy_form, "journal_report");
    EXPECT_EQ(alert.arrived_from, before.arrived_from);
}

} // namespace watchpost::store
