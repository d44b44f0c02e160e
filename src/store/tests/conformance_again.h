// The part of the conformance suite about messages that are fetched and inspected again.
#pragma once

#include "store/tests/conformance.h"

namespace watchpost::store {

class StoreConformanceAgain : public StoreConformance {
protected:
    /// What the pipeline hands over of `first` when it was fetched again.
    static MessageRecord again(const MessageRecord& first)
    {
        MessageRecord copy = first;
        copy.refetched_as = MessageId::make();
        copy.received_at = base::now();
        return copy;
    }
    static MessageRecord found_nothing(MessageRecord record)
    {
        record.is_detected = false;
        record.importance = verdict::Importance::none;
        record.sentence.clear();
        record.engines.clear();
        record.rules.clear();
        record.content_kept = false;
        return record;
    }
    std::vector<AlertAction> actions(AlertId alert)
    {
        std::vector<AlertAction> all;
        const auto detail = store->alert(scope(), alert).value();
        for (const auto& entry : detail.history) {
            all.push_back(entry.action);
        }
        return all;
    }
    Alert close(AlertId alert, const Actor& officer)
    {
        return store->change_alert(scope(), alert, {AlertAction::closed, {}, {}}, officer).value();
    }
    std::uint64_t alerts() { return store->alerts(scope(), {}).value().total; }
    Actor officer()
    {
        const auto user = add_user("olga", {Role::security_officer});
        return {user.id, user.name, {}};
    }
};

TEST_P(StoreConformanceAgain, OneMessageHasOneAlertHoweverOftenItIsFetched)
{
    const auto first = detected();
    const auto alert = raise(first);
    for (int times = 0; times < 3; ++times) {
        const auto recorded = store->record(again(first)).value();
        EXPECT_EQ(recorded.alert, alert);
        EXPECT_FALSE(recorded.is_new);
    }
    EXPECT_EQ(alerts(), 1U);
    EXPECT_EQ(actions(alert).size(), 4U);
    EXPECT_EQ(actions(alert).back(), AlertAction::inspected_again);
}

TEST_P(StoreConformanceAgain, ACopyIsRecordedOnceHoweverOftenItComes)
{
    const auto first = detected();
    const auto alert = raise(first);
    const auto copy = again(first);
    for (int times = 0; times < 3; ++times) {
        ASSERT_EQ(store->record(copy).value().alert, alert);
    }
    EXPECT_EQ(actions(alert).size(), 2U);
    EXPECT_EQ(store->recorded({*copy.refetched_as}).value(),
              std::vector<MessageId>{*copy.refetched_as});
}

TEST_P(StoreConformanceAgain, WhatWasCleanRaisesItsAlertNow)
{
    const auto first = found_nothing(detected());
    ASSERT_FALSE(store->record(first).value().alert);
    auto copy = again(detected());
    copy.id = first.id;
    const auto recorded = store->record(copy).value();
    EXPECT_TRUE(recorded.is_new);
    ASSERT_TRUE(recorded.alert);
    EXPECT_EQ(store->alert(scope(), *recorded.alert).value().alert.message, first.id);
}

TEST_P(StoreConformanceAgain, AnAlertStaysWhereNothingIsFoundAnyMore)
{
    const auto first = detected();
    const auto alert = raise(first);
    EXPECT_EQ(store->record(again(found_nothing(first))).value().alert, alert);
    const auto detail = store->alert(scope(), alert).value();
    EXPECT_EQ(detail.alert.sentence, first.sentence);
    EXPECT_TRUE(detail.content_kept);
    EXPECT_EQ(detail.history.back().comment, "Nothing is found in it any more.");
}

TEST_P(StoreConformanceAgain, AProcessedAlertStaysSoWhereTheSameIsFound)
{
    const auto first = detected();
    const auto alert = raise(first);
    close(alert, officer());
    EXPECT_FALSE(store->record(again(first)).value().is_new);
    EXPECT_EQ(store->alert(scope(), alert).value().alert.state, AlertState::processed);
}

TEST_P(StoreConformanceAgain, AProcessedAlertIsNewAgainWhereMoreIsFound)
{
    const auto first = detected();
    const auto alert = raise(first);
    close(alert, officer());
    auto copy = again(first);
    copy.rules = {"eicar_test_file", "a_newer_rule"};
    EXPECT_TRUE(store->record(copy).value().is_new);
    const auto after = store->alert(scope(), alert).value().alert;
    EXPECT_EQ(after.state, AlertState::fresh);
    EXPECT_FALSE(after.assignee);
    EXPECT_EQ(actions(alert).back(), AlertAction::reopened);
    AlertQuery fresh;
    fresh.states = {AlertState::fresh};
    EXPECT_EQ(store->alerts(scope(), fresh).value().total, 1U);
}

/// The first is not inspected yet, or its record was lost: whoever comes first makes it.
TEST_P(StoreConformanceAgain, ACopyThatComesBeforeItsMessageStandsForIt)
{
    const auto first = detected();
    const auto recorded = store->record(again(first)).value();
    EXPECT_TRUE(recorded.is_new);
    const auto late = store->record(first).value();
    EXPECT_FALSE(late.is_new);
    EXPECT_EQ(late.alert, recorded.alert);
    EXPECT_EQ(alerts(), 1U);
}

} // namespace watchpost::store
