// The limit of a spool's own octets, and what there is to say of it.
#include "spool/room.h"

#include "spool/format.h"
#include "spool_on_disk.h"

namespace watchpost::spool {
namespace {

using base::ErrorCode;

constexpr std::uint64_t kibibyte = 1024;

class SpoolRoom : public SpoolTest {
protected:
    SpoolRoom()
    {
        options.bytes_max = 1'600 * kibibyte; // segments of 100 KiB
        options.free_bytes_min = 0;
    }

    /// Until one is refused; how many were taken.
    std::size_t fill(Spool& spool, std::size_t octets)
    {
        std::size_t count = 0;
        for (; count < 1'000; ++count) {
            if (const auto begun = spool.begin(octets); !begun) {
                EXPECT_EQ(begun.error().code(), ErrorCode::disk_full);
                break;
            }
            auto ids = deliver(spool, {{"u" + std::to_string(++uid), std::string(octets, 'x')}});
            if (!ids) {
                EXPECT_EQ(ids.error().code(), ErrorCode::disk_full);
                refusal = ids.error().describe();
                break;
            }
            stored.insert(stored.end(), ids->begin(), ids->end());
        }
        return count;
    }

    [[nodiscard]] std::uint64_t octets_on_disk()
    {
        std::uint64_t octets = 0;
        for (const auto& name : files("")) {
            octets += disk.content(name).size();
        }
        return octets;
    }

    std::size_t uid = 0;
    std::vector<SpoolId> stored;
    std::string refusal;
};

TEST_F(SpoolRoom, TheLimitHoldsForAllFilesAndTheRefusalNamesIt)
{
    auto spool = open();
    EXPECT_GT(fill(*spool, 10 * kibibyte), 100U);
    EXPECT_LE(octets_on_disk(), options.bytes_max + options.bytes_max / 100); // marks and notes
    EXPECT_NE(refusal.find("of its limit of 1.6 MiB"), std::string::npos) << refusal;
    EXPECT_NE(refusal.find("spool.bytes_max"), std::string::npos);
    EXPECT_EQ(ledger_of(*spool).size(), stored.size());
}

TEST_F(SpoolRoom, OnceFullItStaysFullUntilATenthIsFree)
{
    auto spool = open();
    fill(*spool, 10 * kibibyte);
    EXPECT_FALSE(spool->look_for_room());
    const std::vector<SpoolId> first(stored.begin(), stored.begin() + 10); // of one segment
    ASSERT_TRUE(spool->settle(first));
    EXPECT_FALSE(spool->look_for_room());
    ASSERT_TRUE(spool->settle(stored));
    EXPECT_TRUE(spool->look_for_room()); // gives back what is settled by itself
    EXPECT_LT(octets_on_disk(), options.bytes_max / 4);
    EXPECT_GT(fill(*spool, 10 * kibibyte), 100U);
}

/// All of them are named in the segment that is written, which does not fill while nothing comes.
TEST_F(SpoolRoom, FilesOfLargeMessagesAreGivenBackThoughTheirSegmentIsNotFull)
{
    options.bytes_max = 16'000 * kibibyte;
    auto spool = open();
    EXPECT_GT(fill(*spool, 1'000 * kibibyte), 10U);
    EXPECT_EQ(files(segments_folder).size(), 1U);
    EXPECT_FALSE(spool->look_for_room());
    ASSERT_TRUE(spool->settle(stored));
    EXPECT_TRUE(spool->look_for_room());
    EXPECT_TRUE(files(large_folder).empty());
    EXPECT_GT(fill(*spool, 1'000 * kibibyte), 10U);
    spool.reset();
    disk.power_loss({});
    EXPECT_EQ(ledger_of(*open()).size(), stored.size());
}

/// Their content has its room already: that the next one has none must not cost them.
TEST_F(SpoolRoom, WhatWasReadBeforeTheRefusalIsStored)
{
    options.bytes_max = 16'000 * kibibyte;
    auto spool = open();
    constexpr auto octets = 1'000 * kibibyte;
    std::vector<Arrival> batch;
    for (auto content = spool->begin(octets); content; content = spool->begin(octets)) {
        ASSERT_TRUE((*content)->append(base::as_bytes(std::string(octets, 'x'))));
        ASSERT_TRUE((*content)->finish());
        batch.push_back({*std::move(content), receipt("u" + std::to_string(batch.size()), octets)});
    }
    EXPECT_FALSE(spool->look_for_room());
    const auto ids = spool->commit(std::move(batch));
    ASSERT_TRUE(ids) << ids.error().describe();
    EXPECT_GT(ids->size(), 13U);
}

TEST_F(SpoolRoom, ASegmentIsNotSealedWhereThatGivesNothingBack)
{
    auto spool = open();
    fill(*spool, 10 * kibibyte);
    const auto before = files(segments_folder);
    EXPECT_FALSE(spool->look_for_room());
    EXPECT_FALSE(spool->look_for_room());
    EXPECT_EQ(files(segments_folder), before);
}

TEST_F(SpoolRoom, AfterARestartItIsStillFull)
{
    auto spool = open();
    fill(*spool, 10 * kibibyte);
    spool.reset();
    disk.power_loss({});
    spool = open();
    EXPECT_FALSE(deliver(*spool, {{"again", std::string(10 * kibibyte, 'x')}}));
    EXPECT_EQ(contents_of(disk).size(), stored.size());
}

TEST_F(SpoolRoom, ALargeMessageOnItsWayCounts)
{
    auto spool = open();
    auto content = spool->begin(0).value();
    base::Result<void> taken;
    std::uint64_t octets = 0;
    for (; taken && octets < 2 * options.bytes_max; octets += 64 * kibibyte) {
        taken = content->append(base::as_bytes(std::string(64 * kibibyte, 'x')));
    }
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code(), ErrorCode::disk_full);
    EXPECT_LE(octets_on_disk(), options.bytes_max);
    content.reset();
    EXPECT_TRUE(spool->look_for_room());
}

TEST_F(SpoolRoom, WhatHasNoRoomDoesNotStopWhatIsSmaller)
{
    auto spool = open();
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(deliver(*spool, {{"u" + std::to_string(i), std::string(10 * kibibyte, 'x')}}));
    }
    const auto refused = spool->begin(700 * kibibyte);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::disk_full);
    EXPECT_NE(refused.error().describe().find("700.0 KiB more"), std::string::npos)
        << refused.error().describe();
    EXPECT_TRUE(spool->look_for_room());
    EXPECT_TRUE(deliver(*spool, {{"small", "x"}}));
}

TEST_F(SpoolRoom, NoMessageMayTakeMoreThanHalfOfTheLimit)
{
    EXPECT_EQ(open()->message_bytes_max(), options.bytes_max / 2);
    options.bytes_max = 0;
    EXPECT_EQ(open()->message_bytes_max(), UINT64_MAX);
}

TEST_F(SpoolRoom, StatesAndNotesAreStoredThoughItIsFull)
{
    auto spool = open();
    fill(*spool, 10 * kibibyte);
    EXPECT_TRUE(spool->put("a/b", "value"));
    EXPECT_TRUE(spool->note({{stored.front(), SourceState::expunged}}));
    EXPECT_TRUE(spool->flush());
}

} // namespace
} // namespace watchpost::spool
