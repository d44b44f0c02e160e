#include "collector/ledger.h"

#include <gtest/gtest.h>

namespace watchpost::collector {
namespace {

using spool::Completeness;
using spool::SourceState;
using spool::SpoolId;

const spool::MailboxKey alice{"alice", 1};

spool::Receipt receipt(std::string uid, std::uint64_t octets, std::uint8_t digest = 1)
{
    spool::Receipt made;
    made.key = alice;
    made.uid = std::move(uid);
    made.octets = octets;
    made.announced_octets = octets;
    made.sha256[0] = digest;
    return made;
}

class Entries final : public spool::LedgerSource {
public:
    base::Result<void>
    for_each_entry(const std::function<void(const spool::LedgerEntry&)>& visit) const override
    {
        for (const spool::LedgerEntry& entry : entries) {
            visit(entry);
        }
        if (is_broken) {
            return base::fail(base::ErrorCode::io_failed, base::Retry::later, "read");
        }
        return {};
    }

    base::Result<void>
    for_each_entry_of(std::string_view mailbox,
                      const std::function<void(const spool::LedgerEntry&)>& visit) const override
    {
        return for_each_entry([&](const spool::LedgerEntry& entry) {
            if (entry.receipt.key.mailbox == mailbox) {
                visit(entry);
            }
        });
    }
    std::size_t count_of(std::string_view) const override { return entries.size(); }

    std::vector<spool::LedgerEntry> entries;
    bool is_broken = false;
};

TEST(Ledger, LoadedMessageIsKnownByUidAndSize)
{
    Entries source;
    const SpoolId id = SpoolId::make();
    source.entries.push_back({id, receipt("u1", 100), SourceState::delete_pending});
    const Ledger ledger = Ledger::load(source).value();
    const auto known = ledger.find(alice, "u1", 100);
    ASSERT_TRUE(known);
    EXPECT_EQ(known->id, id);
    EXPECT_EQ(known->state, SourceState::delete_pending);
    EXPECT_EQ(ledger.count(alice), 1U);
}

TEST(Ledger, OneMailboxIsLoadedWithoutTheOthers)
{
    Entries source;
    source.entries.push_back({SpoolId::make(), receipt("u1", 100), SourceState::kept});
    source.entries.push_back({SpoolId::make(), receipt("u2", 100), SourceState::kept});
    source.entries.back().receipt.key.mailbox = "bob";
    const Ledger ledger = Ledger::load(source, "alice").value();
    EXPECT_TRUE(ledger.find(alice, "u1", 100));
    EXPECT_EQ(ledger.count({"bob", 1}), 0U);
}

TEST(Ledger, SourceThatCannotBeReadIsAnErrorAndNotAnEmptyLedger)
{
    Entries source;
    source.is_broken = true;
    EXPECT_FALSE(Ledger::load(source));
}

TEST(Ledger, SameUidWithAnotherSizeIsNotKnown)
{
    Ledger ledger;
    ledger.add(SpoolId::make(), receipt("u1", 100));
    EXPECT_FALSE(ledger.find(alice, "u1", 101));
    EXPECT_FALSE(ledger.find(alice, "u2", 100));
    EXPECT_FALSE(ledger.find(alice, "", 100));
}

TEST(Ledger, OtherGenerationAndOtherMailboxAreNotKnown)
{
    Ledger ledger;
    ledger.add(SpoolId::make(), receipt("u1", 100));
    EXPECT_FALSE(ledger.find({"alice", 2}, "u1", 100));
    EXPECT_FALSE(ledger.find({"bob", 1}, "u1", 100));
    EXPECT_EQ(ledger.count({"bob", 1}), 0U);
}

TEST(Ledger, MessageWithoutUidIsFoundByItsContentOnly)
{
    Ledger ledger;
    ledger.add(SpoolId::make(), receipt("", 100, 7));
    EXPECT_FALSE(ledger.find(alice, "", 100));
    EXPECT_FALSE(ledger.find_content(alice, receipt("", 0, 7).sha256, 100).empty());
    EXPECT_TRUE(ledger.find_content(alice, receipt("", 0, 8).sha256, 100).empty());
    EXPECT_TRUE(ledger.find_content(alice, receipt("", 0, 7).sha256, 99).empty());
}

TEST(Ledger, TooLargeMessageIsKnownByUidAndHasNoContent)
{
    Ledger ledger;
    auto large = receipt("big", 0);
    large.announced_octets = 1'000'000'000;
    large.completeness = Completeness::too_large;
    ledger.add(SpoolId::make(), large);
    ASSERT_TRUE(ledger.find(alice, "big", 1'000'000'000));
    EXPECT_FALSE(ledger.find(alice, "big", 1'000'000'000)->may_be_deleted());
    EXPECT_TRUE(ledger.find_content(alice, large.sha256, 0).empty());
}

TEST(Ledger, OnlyAWholeMessageMayBeDeleted)
{
    Ledger ledger;
    auto stump = receipt("cut", 50);
    stump.completeness = Completeness::short_of_announced;
    ledger.add(SpoolId::make(), stump);
    ledger.add(SpoolId::make(), receipt("whole", 50));
    EXPECT_FALSE(ledger.find(alice, "cut", 50)->may_be_deleted());
    EXPECT_TRUE(ledger.find(alice, "whole", 50)->may_be_deleted());
}

TEST(Ledger, NewestOfSeveralWithOneUidAndSizeIsTaken)
{
    Ledger ledger;
    const SpoolId newer = SpoolId::make();
    ledger.add(SpoolId::make(), receipt("u1", 100, 1));
    ledger.add(newer, receipt("u1", 100, 2));
    EXPECT_EQ(ledger.find(alice, "u1", 100)->id, newer);
}

TEST(Ledger, ChangeIsSeenAndAnUnknownIdIsIgnored)
{
    Ledger ledger;
    const SpoolId id = SpoolId::make();
    ledger.add(id, receipt("u1", 100));
    ledger.change({id, SourceState::expunged});
    ledger.change({SpoolId::make(), SourceState::expunged});
    EXPECT_EQ(ledger.find(alice, "u1", 100)->state, SourceState::expunged);
}

TEST(Ledger, WhatIsPendingDeletionAndNotListedIsGoneUnlessItHasAnotherName)
{
    Entries source;
    const auto pending = [&](const std::string& uid, std::uint8_t digest) {
        source.entries.push_back(
            {SpoolId::make(), receipt(uid, 100, digest), SourceState::delete_pending});
        return source.entries.back().id;
    };
    const SpoolId gone = pending("gone", 1);
    static_cast<void>(pending("listed", 2));
    static_cast<void>(pending("renamed", 3));
    auto name = receipt("another", 100, 3);
    name.completeness = Completeness::another_uid;
    source.entries.push_back({SpoolId::make(), name, SourceState::kept});
    source.entries.push_back({SpoolId::make(), receipt("kept", 100, 4), SourceState::kept});
    auto ledger = Ledger::load(source).value();
    const auto is_listed = [](std::string_view uid) { return uid == "listed"; };
    EXPECT_EQ(ledger.gone(alice, is_listed), std::vector{gone});
    EXPECT_TRUE(ledger.gone({"alice", 2}, is_listed).empty());
    ledger.change({gone, SourceState::expunged});
    EXPECT_TRUE(ledger.gone(alice, is_listed).empty());
}

TEST(Ledger, SameIdIsAddedOnce)
{
    Ledger ledger;
    const SpoolId id = SpoolId::make();
    ledger.add(id, receipt("u1", 100));
    ledger.add(id, receipt("u1", 100));
    EXPECT_EQ(ledger.count(alice), 1U);
}

TEST(Ledger, ManyUidsStayFindableWhileItGrowsAndMoves)
{
    Ledger grown;
    for (int i = 0; i < 10'000; ++i) {
        grown.add(SpoolId::make(), receipt("uid-" + std::to_string(i), 100));
    }
    const Ledger ledger = std::move(grown);
    for (int i = 0; i < 10'000; ++i) {
        ASSERT_TRUE(ledger.find(alice, "uid-" + std::to_string(i), 100)) << i;
    }
}

} // namespace
} // namespace watchpost::collector
