#include "spool/follower.h"

#include <gtest/gtest.h>

#include "spool/tests/spool_on_disk.h"

namespace watchpost::spool {
namespace {

class Follower : public SpoolTest {
protected:
    SpoolFollower follow()
    {
        return SpoolFollower{[this] { return Folder{disk.mount()}; }};
    }

    static std::string content(const SpoolFollower& follower, const SpoolId& id)
    {
        std::string text;
        const auto item = follower.look_at(id);
        const auto read = item ? follower.read(*item,
                                               [&](base::ByteView piece) {
                                                   text += base::as_text(piece);
                                                   return base::Result<void>{};
                                               })
                               : base::Result<void>{base::fail(item.error())};
        return read ? text : read.error().describe();
    }

    /// Where what was written of it cannot be taken back either.
    void expect_nothing_of_a_refused_batch(std::uint64_t failing_write)
    {
        const auto spool = open();
        ASSERT_TRUE(deliver(*spool, {{"1", "one"}}));
        auto follower = follow();
        ASSERT_TRUE(follower.refresh());
        EXPECT_EQ(follower.take(10).size(), 1U);
        disk.inject(disk.operations() + failing_write, Fault::write_error);
        disk.inject(disk.operations() + failing_write + 1, Fault::write_error);
        ASSERT_FALSE(deliver(*spool, {{"2", "two"}, {"3", "three"}, {"4", "four"}}));
        ASSERT_TRUE(follower.refresh());
        EXPECT_TRUE(follower.take(10).empty());
        const auto again = deliver(*spool, {{"2", "two"}, {"3", "three"}}).value();
        ASSERT_TRUE(follower.refresh());
        EXPECT_EQ(follower.take(10), again);
    }

    using Folder = base::Result<std::unique_ptr<os::FileSystem>>;
    using Ids = std::vector<SpoolId>;
};

TEST_F(Follower, ASpoolThatIsNotThereYetIsEmpty)
{
    auto follower = follow();
    ASSERT_TRUE(follower.refresh());
    EXPECT_TRUE(follower.take(10).empty());
    const auto spool = open();
    const auto ids = deliver(*spool, {{"1", "one"}}).value();
    ASSERT_TRUE(follower.refresh());
    EXPECT_EQ(follower.take(10), ids);
}

TEST_F(Follower, HandsOutEachMessageOnceInTheOrderOfItsComing)
{
    const auto spool = open();
    auto follower = follow();
    const auto first = deliver(*spool, {{"1", "one"}, {"2", "two"}}).value();
    ASSERT_TRUE(follower.refresh());
    EXPECT_EQ(follower.take(1), Ids{first[0]});
    const auto second = deliver(*spool, {{"3", "three"}}).value();
    ASSERT_TRUE(follower.refresh());
    EXPECT_EQ(follower.take(10), (Ids{first[1], second[0]}));
    EXPECT_TRUE(follower.take(10).empty());
    EXPECT_EQ(follower.waiting(), 3U);
    EXPECT_EQ(content(follower, second[0]), "three");
    EXPECT_EQ(follower.look_at(second[0]).value().receipt.uid, "3");
}

TEST_F(Follower, HandsOutNothingOfABatchWhoseFirstWriteFails)
{
    expect_nothing_of_a_refused_batch(0);
}

TEST_F(Follower, HandsOutNothingOfABatchWhoseSecondWriteFails)
{
    expect_nothing_of_a_refused_batch(1);
}

TEST_F(Follower, WhatIsSettledWaitsNoMore)
{
    const auto spool = open();
    const auto ids = deliver(*spool, {{"1", "one"}, {"2", "two"}}).value();
    auto follower = follow();
    ASSERT_TRUE(follower.refresh());
    ASSERT_TRUE(spool->settle({ids[0]}));
    ASSERT_TRUE(spool->flush());
    ASSERT_TRUE(follower.refresh());
    EXPECT_EQ(follower.take(10), Ids{ids[1]});
    EXPECT_FALSE(follower.is_waiting(ids[0]));
}

TEST_F(Follower, StartsWithWhatTheCheckpointKeeps)
{
    options.segment_bytes_max = 4'096;
    const auto spool = open();
    Ids ids;
    for (int i = 0; i < 20; ++i) {
        const auto more = deliver(*spool, {{std::to_string(i), std::string(1'000, 'x')}}).value();
        ids.push_back(more[0]);
    }
    ASSERT_TRUE(spool->settle({ids.begin(), ids.end() - 3}));
    ASSERT_TRUE(spool->compact());
    auto follower = follow();
    ASSERT_TRUE(follower.refresh());
    EXPECT_EQ(follower.take(100), Ids(ids.end() - 3, ids.end()));
    EXPECT_EQ(content(follower, ids.back()), std::string(1'000, 'x'));
    EXPECT_TRUE(follower.damage().empty());
}

TEST_F(Follower, GoesOnWhileSegmentsAreFilledAndCompacted)
{
    options.segment_bytes_max = 4'096;
    options.checkpoint_segments = 2;
    const auto spool = open();
    auto follower = follow();
    for (int i = 0; i < 40; ++i) {
        const auto ids = deliver(*spool, {{std::to_string(i), std::string(1'000, 'x')}}).value();
        if (i % 3 == 0) {
            ASSERT_TRUE(follower.refresh());
            for (const SpoolId& id : follower.take(100)) {
                ASSERT_EQ(content(follower, id).size(), 1'000U);
                follower.drop(id);
                ASSERT_TRUE(spool->settle({id}));
            }
        }
    }
    ASSERT_TRUE(follower.refresh());
    EXPECT_TRUE(follower.damage().empty());
    EXPECT_LE(follower.waiting(), 3U);
}

TEST_F(Follower, LargeMessagesLieInAFileOfTheirOwn)
{
    const auto spool = open();
    const std::string large(large_octets, 'L');
    const auto ids = deliver(*spool, {{"1", large}, {"2", "small"}}).value();
    auto follower = follow();
    ASSERT_TRUE(follower.refresh());
    EXPECT_EQ(content(follower, ids[0]), large);
    EXPECT_TRUE(follower.own_file(ids[0]).has_value());
    EXPECT_FALSE(follower.own_file(ids[1]).has_value());
}

TEST_F(Follower, WhatItHandsOutSurvivesAPowerLoss)
{
    const auto spool = open();
    auto follower = follow();
    ASSERT_TRUE(deliver(*spool, {{"1", "one"}}));
    ASSERT_TRUE(follower.refresh());
    const auto taken = follower.take(10);
    disk.power_loss({});
    auto after = follow();
    ASSERT_TRUE(after.refresh());
    EXPECT_EQ(after.take(10), taken);
}

TEST_F(Follower, TellsAMessageThatWasTooLarge)
{
    const auto spool = open();
    std::vector<Arrival> batch;
    batch.push_back({nullptr, receipt("1", 5'000'000)});
    batch.back().receipt.completeness = Completeness::too_large;
    const auto ids = spool->commit(std::move(batch)).value();
    auto follower = follow();
    ASSERT_TRUE(follower.refresh());
    EXPECT_EQ(follower.take(10), ids);
    EXPECT_EQ(follower.look_at(ids[0]).value().content, ContentState::never_stored);
}

} // namespace
} // namespace watchpost::spool
