#include "collector/plan.h"

#include <gtest/gtest.h>

namespace watchpost::collector {
namespace {

using spool::Completeness;

const Policy deleting{{"box", 1}, AfterRetrieval::delete_once_stored, 1000};

class PlanTest : public testing::Test {
protected:
    void know(const std::string& uid, std::uint64_t octets,
              Completeness completeness = Completeness::whole)
    {
        spool::Receipt receipt;
        receipt.key = {"box", 1};
        receipt.uid = uid;
        receipt.octets = octets;
        receipt.announced_octets = octets;
        receipt.completeness = completeness;
        ledger_.add(spool::SpoolId::make(), receipt);
    }

    Plan plan(std::vector<pop3::ListedMessage> listed, const Policy& policy = deleting)
    {
        return make_plan(std::move(listed), ledger_, policy);
    }

    Ledger ledger_;
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
