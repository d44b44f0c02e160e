#include "collector/plan.h"

#include <gtest/gtest.h>

namespace watchpost::collector {
namespace {

using spool::Completeness;
using spool::SourceState;

const Policy deleting{{"box", 1}, AfterRetrieval::delete_once_stored, 1000};

class PlanTest : public testing::Test {
protected:
    void know(const std::string& uid, std::uint64_t octets,
              Completeness completeness = Completeness::whole,
              SourceState state = SourceState::kept)
    {
        spool::Receipt receipt;
        receipt.key = {"box", 1};
        receipt.uid = uid;
        receipt.octets = octets;
        receipt.announced_octets = octets;
        receipt.completeness = completeness;
        last_ = spool::SpoolId::make();
        ledger_.add(last_, receipt, state);
    }

    Plan plan(std::vector<pop3::ListedMessage> listed, const Policy& policy = deleting)
    {
        return make_plan(std::move(listed), ledger_, policy, now_);
    }

    base::Instant now_ = base::parse_rfc3339("2026-11-24T06:00:00Z").value();
    Ledger ledger_;
    spool::SpoolId last_ = spool::SpoolId::make();
};

TEST_F(PlanTest, WhatIsNotKnownIsWanted)
{
    EXPECT_EQ(plan({{1, 10, "a", true}, {2, 10, "", true}}).wanted.size(), 2U);
}

TEST_F(PlanTest, WhatIsKnownIsRemovedByPolicyOnly)
{
    know("a", 10);
    EXPECT_EQ(plan({{1, 10, "a", true}}).removals.size(), 1U);
    const Policy leaving{{"box", 1}, AfterRetrieval::leave_on_server, 1000};
    const auto left = plan({{1, 10, "a", true}}, leaving);
    EXPECT_TRUE(left.removals.empty());
    EXPECT_EQ(left.known, 1U);
}

TEST_F(PlanTest, AnotherSizeAnotherGenerationOrADoubledUidIsNotKnown)
{
    know("a", 10);
    EXPECT_EQ(plan({{1, 11, "a", true}}).wanted.size(), 1U);
    EXPECT_EQ(plan({{1, 10, "a", false}}).wanted.size(), 1U);
    const Policy next{{"box", 2}, AfterRetrieval::delete_once_stored, 1000};
    EXPECT_EQ(plan({{1, 10, "a", true}}, next).wanted.size(), 1U);
}

TEST_F(PlanTest, AShortMessageIsKnownAndNeverRemoved)
{
    know("a", 10, Completeness::short_of_announced);
    const auto made = plan({{1, 10, "a", true}});
    EXPECT_EQ(made.known, 1U);
    EXPECT_TRUE(made.removals.empty());
}

TEST_F(PlanTest, WhatIsListedAfterItsDeletionWasConfirmedIsFetchedBeforeItIsDeletedAgain)
{
    know("a", 10, Completeness::whole, SourceState::expunged);
    const auto made = plan({{1, 10, "a", true}});
    EXPECT_EQ(made.wanted.size(), 1U); // it may be another message under the same name
    EXPECT_TRUE(made.removals.empty());
    know("b", 10, Completeness::whole, SourceState::delete_pending);
    EXPECT_EQ(plan({{1, 10, "b", true}}).removals.size(), 1U); // nobody said that it is gone
}

TEST_F(PlanTest, WhatWasFoundToBeListedStillIsLookedAtOnceADay)
{
    know("a", 10, Completeness::whole, SourceState::expunged);
    ledger_.note_listed_again(last_, now_);
    const auto same_day = plan({{1, 10, "a", true}});
    EXPECT_EQ(same_day.known, 1U);
    EXPECT_TRUE(same_day.removals.empty()); // nothing is deleted unread
    now_ += std::chrono::hours{25};
    EXPECT_EQ(plan({{1, 10, "a", true}}).wanted.size(), 1U);
}

TEST_F(PlanTest, TooLargeIsRecordedOnceAndFetchedWhenTheLimitAllowsIt)
{
    EXPECT_EQ(plan({{1, 1001, "a", true}}).too_large.size(), 1U);
    EXPECT_EQ(plan({{1, 1000, "a", true}}).wanted.size(), 1U);
    know("a", 1001, Completeness::too_large);
    EXPECT_EQ(plan({{1, 1001, "a", true}}).known, 1U);
    const Policy unlimited{{"box", 1}, AfterRetrieval::leave_on_server, 0};
    EXPECT_EQ(plan({{1, 1001, "a", true}}, unlimited).wanted.size(), 1U);
}

} // namespace
} // namespace watchpost::collector
