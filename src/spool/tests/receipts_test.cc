// The ledger of one mailbox, read without those of the others.
#include "spool_on_disk.h"

#include <set>

#include "spool/catalog.h"

namespace watchpost::spool {
namespace {

using Uids = std::vector<std::string>;

class SpoolReceipts : public SpoolTest {
protected:
    SpoolReceipts()
    {
        options.segment_bytes_max = 1'000;  // a few messages each
        options.checkpoint_segments = 1000; // only when it is asked for
    }

    /// One message of each mailbox, in turn.
    void fill(Spool& spool, int first, int last)
    {
        for (int i = first; i <= last; ++i) {
            for (const char* const mailbox : {"alice", "bob", "carol"}) {
                auto one = arrival(spool, "u" + std::to_string(i), std::string(200, 'x'));
                one.receipt.key.mailbox = mailbox;
                std::vector<Arrival> batch;
                batch.push_back(std::move(one));
                ids.push_back(spool.commit(std::move(batch)).value().front());
            }
        }
    }

    static Uids uids_of(const Spool& spool, std::string_view mailbox)
    {
        Uids uids;
        EXPECT_TRUE(spool.for_each_entry_of(mailbox, [&](const LedgerEntry& entry) {
            EXPECT_EQ(entry.receipt.key.mailbox, mailbox);
            uids.push_back(entry.receipt.uid);
        }));
        EXPECT_EQ(spool.count_of(mailbox), uids.size());
        return uids;
    }

    static std::multiset<SourceState> states_of(const Spool& spool, std::string_view mailbox)
    {
        std::multiset<SourceState> states;
        EXPECT_TRUE(spool.for_each_entry_of(
            mailbox, [&](const LedgerEntry& entry) { states.insert(entry.state); }));
        return states;
    }

    void reopen(std::unique_ptr<Spool>& spool)
    {
        spool.reset();
        disk.power_loss({});
        spool = open();
        EXPECT_TRUE(spool->recovery_notes().empty());
    }

    std::vector<SpoolId> ids;
};

TEST_F(SpoolReceipts, OneMailboxHasItsOwnOldestFirst)
{
    auto spool = open();
    fill(*spool, 1, 5);
    EXPECT_EQ(uids_of(*spool, "bob"), (Uids{"u1", "u2", "u3", "u4", "u5"}));
    EXPECT_EQ(uids_of(*spool, "nobody"), Uids{});
    EXPECT_EQ(spool->mailboxes(), 3U);
}

TEST_F(SpoolReceipts, TheyAreTheSameOverCheckpointsAndRestarts)
{
    auto spool = open();
    fill(*spool, 1, 5);
    ASSERT_TRUE(spool->compact());
    fill(*spool, 6, 10);
    const Uids all{"u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9", "u10"};
    EXPECT_EQ(uids_of(*spool, "bob"), all);
    reopen(spool);
    EXPECT_EQ(uids_of(*spool, "alice"), all);
    ASSERT_TRUE(spool->settle(ids));
    ASSERT_TRUE(spool->compact());
    EXPECT_EQ(uids_of(*spool, "carol"), all);
    reopen(spool);
    EXPECT_EQ(uids_of(*spool, "bob"), all);
    EXPECT_EQ(ledger_of(*spool).size(), 30U);
}

TEST_F(SpoolReceipts, WhatBecomesOfAMessageAtRestIsRemembered)
{
    auto spool = open();
    fill(*spool, 1, 2);
    fill(*spool, 3, 12); // the first are in full segments
    ASSERT_TRUE(spool->settle(ids));
    ASSERT_TRUE(spool->compact());
    ASSERT_TRUE(spool->note({{ids[1], SourceState::expunged}})); // u1 of bob
    using enum SourceState;
    const std::multiset<SourceState> expected{kept, kept, kept, kept, kept, kept,
                                              kept, kept, kept, kept, kept, expunged};
    EXPECT_EQ(states_of(*spool, "bob"), expected);
    ASSERT_TRUE(spool->flush());
    reopen(spool);
    EXPECT_EQ(states_of(*spool, "bob"), expected);
    ASSERT_TRUE(spool->compact());
    EXPECT_EQ(states_of(*spool, "bob"), expected);
    reopen(spool);
    EXPECT_EQ(states_of(*spool, "bob"), expected);
}

TEST_F(SpoolReceipts, AForgottenMessageIsGoneFromItsMailbox)
{
    auto now = base::now();
    options.clock = [&now] { return now; };
    auto spool = open();
    fill(*spool, 1, 12);
    ASSERT_TRUE(spool->settle(ids));
    ASSERT_TRUE(spool->compact()); // the first are at rest
    ASSERT_TRUE(spool->note({{ids[1], SourceState::expunged}}));
    now += std::chrono::days{20};
    ASSERT_TRUE(spool->compact());
    reopen(spool);
    EXPECT_EQ(uids_of(*spool, "bob").size(), 12U);
    now += std::chrono::days{20}; // a month after its deletion, less after the checkpoint
    ASSERT_TRUE(spool->compact());
    EXPECT_EQ(uids_of(*spool, "bob").size(), 11U);
    EXPECT_EQ(uids_of(*spool, "alice").size(), 12U);
}

/// One operation of the compaction fails, each in turn.
class FailedCheckpoint : public SpoolReceipts, public testing::WithParamInterface<std::uint64_t> {};

TEST_P(FailedCheckpoint, ReceiptsAreLookedForWhereTheyAre)
{
    auto spool = open();
    fill(*spool, 1, 6);
    ASSERT_TRUE(spool->compact());
    fill(*spool, 7, 12);
    ASSERT_TRUE(spool->settle({ids.begin(), ids.begin() + 20}));
    ASSERT_TRUE(spool->flush());
    disk.inject(disk.operations() + GetParam(), Fault::sync_error);
    static_cast<void>(spool->compact()); // may succeed: what it only removes, it may leave
    const auto all = uids_of(*spool, "bob");
    EXPECT_EQ(all.size(), 12U);
    ASSERT_TRUE(spool->compact());
    EXPECT_EQ(uids_of(*spool, "bob"), all);
    reopen(spool);
    EXPECT_EQ(uids_of(*spool, "bob"), all);
    EXPECT_EQ(spool->unsettled().size(), 16U);
}

INSTANTIATE_TEST_SUITE_P(Operations, FailedCheckpoint, testing::Range<std::uint64_t>(0, 12));

/// The older checkpoint may come back as long as the newer one's name is not durable.
TEST_P(FailedCheckpoint, WhatAPowerFailureBringsBackIsWhole)
{
    auto spool = open();
    fill(*spool, 1, 6);
    ASSERT_TRUE(spool->compact());
    fill(*spool, 7, 12);
    ASSERT_TRUE(spool->settle({ids.begin(), ids.begin() + 20}));
    ASSERT_TRUE(spool->flush());
    disk.inject(disk.operations() + GetParam(), Fault::sync_error);
    static_cast<void>(spool->compact());
    reopen(spool);
    EXPECT_EQ(uids_of(*spool, "bob").size(), 12U);
    EXPECT_EQ(spool->unsettled().size(), 16U);
}

TEST(SpoolCatalog, AtRestIsWhatACheckpointSaysAllOf)
{
    Item item;
    item.in_checkpoint = true;
    item.is_settled = true;
    EXPECT_TRUE(is_at_rest(item));
    item.place.where = Where::segment;
    EXPECT_FALSE(is_at_rest(item));
}

TEST(SpoolCatalog, WhatIsAtRestHasNoRow)
{
    Catalog catalog;
    const SpoolId id = SpoolId::make();
    Item item;
    item.is_settled = true;
    item.place.segment = 1;
    catalog.add(id, item, "alice");
    EXPECT_EQ(catalog.items().size(), 1U);
    ReceiptIndex checkpoint;
    checkpoint.add_in_checkpoint("alice", {64, 200});
    catalog.move_to_checkpoint(1, std::move(checkpoint));
    EXPECT_TRUE(catalog.items().empty());
    EXPECT_EQ(catalog.receipts().find("alice")->count, 1U);
    catalog.change({id, SourceState::expunged}, 20'000);
    ASSERT_TRUE(catalog.changed_source(id));
    EXPECT_EQ(catalog.changed_source(id)->state, SourceState::expunged);
    EXPECT_EQ(catalog.changed_source(id)->expunged_day, 20'000U);
}

} // namespace
} // namespace watchpost::spool
