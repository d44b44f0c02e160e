// What the spool does when the disk does not do its part.
#include "spool/room.h"
#include "spool_on_disk.h"

namespace watchpost::spool {
namespace {

using base::ErrorCode;
using base::Retry;
using Contents = std::multimap<std::string, std::string>;

class SpoolFailure : public SpoolTest {
protected:
    /// The operation of the next commit of one message in an existing segment.
    [[nodiscard]] std::uint64_t first_write() const { return disk.operations(); }
    [[nodiscard]] std::uint64_t second_write() const { return disk.operations() + 1; }
    [[nodiscard]] std::uint64_t sync() const { return disk.operations() + 2; }
};

TEST_F(SpoolFailure, FailedSyncMeansThatNothingOfTheBatchIsOurs)
{
    auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"u1", "1"}}));
    disk.inject(sync(), Fault::sync_error);
    const auto failed = deliver(*spool, {{"u2", "2"}, {"u3", "3"}});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code(), ErrorCode::io_failed);
    EXPECT_EQ(failed.error().retry(), Retry::later);
    EXPECT_EQ(ledger_of(*spool).size(), 1U);
}

TEST_F(SpoolFailure, FailedSyncIsNotRetriedAndTheSegmentIsGivenUp)
{
    auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"u1", "1"}}));
    disk.inject(sync(), Fault::sync_error_kept);
    ASSERT_FALSE(deliver(*spool, {{"u2", "2"}}));
    ASSERT_EQ(files("segments/").size(), 1U);
    const base::Bytes before = disk.content(files("segments/").front());
    ASSERT_TRUE(deliver(*spool, {{"u2", "2"}}));
    EXPECT_EQ(files("segments/").size(), 2U);
    EXPECT_EQ(disk.content(files("segments/").front()), before);
}

/// Its octets may have reached the disk all the same: they must not come back as a second copy.
TEST_F(SpoolFailure, GivenUpMessagesDoNotComeBack)
{
    auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"u1", "1"}}));
    disk.inject(sync(), Fault::sync_error_kept);
    ASSERT_FALSE(deliver(*spool, {{"u2", "first"}}));
    ASSERT_TRUE(deliver(*spool, {{"u2", "second"}}));
    disk.power_loss({});
    spool = open();
    EXPECT_EQ(ledger_of(*spool).count("u2"), 1U);
    EXPECT_EQ(contents_of(disk), (Contents{{"u1", "1"}, {"u2", "second"}}));
    ASSERT_EQ(spool->recovery_notes().size(), 1U);
    EXPECT_NE(spool->recovery_notes().front().text.find("never acknowledged"), std::string::npos);
}

TEST_F(SpoolFailure, NotesOfAGivenUpSegmentAreWrittenAgain)
{
    auto spool = open();
    const auto ids = deliver(*spool, {{"u1", "1"}, {"u2", "2"}}).value();
    ASSERT_TRUE(spool->note({{ids[0], SourceState::expunged}}));
    disk.inject(disk.operations(), Fault::sync_error);
    EXPECT_FALSE(spool->flush());
    EXPECT_TRUE(spool->flush());
    disk.power_loss({});
    EXPECT_EQ(ledger_of(*open()).find("u1")->second, SourceState::expunged);
}

/// Octets that the failed write left behind the end must not turn into records once more is
/// written.
TEST_F(SpoolFailure, HalfWrittenBatchIsTakenBack)
{
    auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"u0", "0"}}));
    ASSERT_TRUE(deliver(*spool, {{"u1", "1"}})); // from here on batches begin with a mark
    disk.inject(second_write(), Fault::write_error);
    ASSERT_FALSE(deliver(*spool, {{"u2", "2"}, {"u3", "3"}, {"u4", std::string(900, '4')}}));
    ASSERT_TRUE(deliver(*spool, {{"u5", "5"}}));
    disk.process_death(); // no tidy end that would write over them
    spool.reset();
    open();
    EXPECT_EQ(contents_of(disk), (Contents{{"u0", "0"}, {"u1", "1"}, {"u5", "5"}}));
}

TEST_F(SpoolFailure, SegmentThatCannotBeTakenBackIsClosed)
{
    auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"u1", "1"}}));
    disk.inject(second_write(), Fault::write_error);
    disk.inject(second_write() + 1, Fault::write_error); // the truncation
    ASSERT_FALSE(deliver(*spool, {{"u2", "2"}, {"u3", "3"}}));
    ASSERT_TRUE(deliver(*spool, {{"u2", "2"}, {"u3", "3"}}));
    EXPECT_EQ(files("segments/").size(), 2U);
    disk.power_loss({.files = Torn::all_kept, .names_kept = true});
    EXPECT_EQ(ledger_of(*open()).size(), 3U);
    EXPECT_EQ(contents_of(disk), (Contents{{"u1", "1"}, {"u2", "2"}, {"u3", "3"}}));
}

TEST_F(SpoolFailure, ReserveStopsCommitsBeforeTheDiskIsFull)
{
    auto spool = open();
    disk.set_free_bytes(options.free_bytes_min + 100);
    const auto refused = deliver(*spool, {{"u1", std::string(200, 'x')}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::disk_full);
    EXPECT_EQ(refused.error().retry(), Retry::later);
    EXPECT_NE(refused.error().describe().find("goes on by itself"), std::string::npos);
    disk.set_free_bytes(options.free_bytes_min + 1000); // not for every octet that is free again
    EXPECT_FALSE(spool->look_for_room());
    disk.set_free_bytes(options.free_bytes_min + options.free_bytes_min / Room::spare_free_part);
    EXPECT_TRUE(spool->look_for_room());
    EXPECT_TRUE(deliver(*spool, {{"u1", std::string(200, 'x')}}));
}

TEST_F(SpoolFailure, ReserveStopsALargeMessageOnItsWay)
{
    auto spool = open();
    disk.set_free_bytes(options.free_bytes_min + large_octets);
    auto content = spool->begin(UINT64_MAX).value();
    ASSERT_TRUE(content->append(base::as_bytes(std::string(large_octets, 'x'))));
    disk.set_free_bytes(options.free_bytes_min - 1);
    const auto refused = content->append(base::as_bytes(std::string(large_octets, 'x')));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::disk_full);
    content.reset();
    EXPECT_TRUE(files("large/").empty());
}

/// Whoever does not look at the error of append() must not get a stump acknowledged.
TEST_F(SpoolFailure, MessageOfWhichOctetsWereNotTakenIsNeverCommitted)
{
    auto spool = open();
    std::vector<Arrival> batch;
    batch.push_back({spool->begin(UINT64_MAX).value(), receipt("big")});
    disk.inject(disk.operations() + 1, Fault::write_error);
    const std::string piece(large_octets, 'x');
    EXPECT_FALSE(batch[0].content->append(base::as_bytes(piece)));
    EXPECT_FALSE(batch[0].content->append(base::as_bytes(piece)));
    EXPECT_EQ(spool->commit(std::move(batch)).error().code(), ErrorCode::io_failed);
    EXPECT_TRUE(ledger_of(*spool).empty());
    EXPECT_TRUE(files("large/").empty());
}

TEST_F(SpoolFailure, FullDiskLeavesEverythingConsistent)
{
    auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"u1", "1"}}));
    disk.inject(second_write(), Fault::disk_full);
    const auto refused = deliver(*spool, {{"u2", "2"}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::disk_full);
    ASSERT_TRUE(deliver(*spool, {{"u2", "2"}}));
    EXPECT_EQ(contents_of(disk), (Contents{{"u1", "1"}, {"u2", "2"}}));
}

/// A quota that lets files be made and records not: the refused files must not eat what is left.
TEST_F(SpoolFailure, FilesOfRefusedLargeMessagesGo)
{
    auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"u1", "1"}}));
    for (int attempt = 0; attempt < 3; ++attempt) {
        // create, two writes, sync, rename, sync of the folder; then the record
        std::vector<Arrival> batch;
        batch.push_back(arrival(*spool, "big", std::string(large_octets, 'x')));
        disk.inject(disk.operations() + 4, Fault::disk_full);
        ASSERT_FALSE(spool->commit(std::move(batch)));
        ASSERT_LE(files("large/").size(), 1U);
    }
    ASSERT_TRUE(deliver(*spool, {{"u2", "2"}}));
    EXPECT_TRUE(files("large/").empty());
}

TEST_F(SpoolFailure, FailedSyncOfALargeMessageRefusesTheBatch)
{
    auto spool = open();
    std::vector<Arrival> batch;
    batch.push_back(arrival(*spool, "big", std::string(large_octets, 'x')));
    batch.push_back(arrival(*spool, "small", "x"));
    disk.inject(disk.operations() + 1, Fault::sync_error);
    ASSERT_FALSE(spool->commit(std::move(batch)));
    EXPECT_TRUE(files("large/").empty());
    EXPECT_TRUE(ledger_of(*spool).empty());
}

TEST_F(SpoolFailure, SegmentThatCannotBeMadeIsMadeLater)
{
    auto spool = open();
    for (std::uint64_t step = 0; step < 4; ++step) {
        disk.inject(disk.operations() + step, Fault::disk_full);
        EXPECT_FALSE(deliver(*spool, {{"u1", "1"}})) << step;
    }
    ASSERT_TRUE(deliver(*spool, {{"u1", "1"}}));
    spool.reset();
    EXPECT_EQ(ledger_of(*open()).size(), 1U);
    EXPECT_EQ(contents_of(disk), (Contents{{"u1", "1"}}));
}

/// The successor's header, which says how far the old one counts, may be on the disk although
/// making it failed. Whatever is written after that must not go into the old one.
TEST_F(SpoolFailure, SegmentWhoseSuccessorWasBegunTakesNothingMore)
{
    options.segment_bytes_max = 1000;
    auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"u1", std::string(500, '1')}}));
    disk.inject(disk.operations() + 3, Fault::sync_error);  // of the folder
    disk.inject(disk.operations() + 4, Fault::write_error); // the removal of what was made
    ASSERT_FALSE(deliver(*spool, {{"u2", std::string(500, '2')}}));
    ASSERT_TRUE(deliver(*spool, {{"u3", "3"}}));
    disk.process_death();
    spool.reset();
    EXPECT_EQ(ledger_of(*open()).count("u3"), 1U);
}

TEST_F(SpoolFailure, StateThatCannotBeStoredKeepsItsOldValue)
{
    auto spool = open();
    ASSERT_TRUE(spool->put("name", "old"));
    disk.inject(sync(), Fault::sync_error);
    EXPECT_FALSE(spool->put("name", "new"));
    EXPECT_EQ(spool->get("name"), "old");
    disk.power_loss({});
    EXPECT_EQ(open()->get("name"), "old");
}

TEST_F(SpoolFailure, FailedCompactionIsToldAndLosesNothing)
{
    options.segment_bytes_max = 400;
    options.checkpoint_segments = 1;
    auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"u1", std::string(300, '1')}}));
    // the new segment: create, write, sync, folder; the batch: two writes, sync; the checkpoint
    disk.inject(disk.operations() + 8, Fault::write_error);
    ASSERT_TRUE(deliver(*spool, {{"u2", std::string(300, '2')}}));
    ASSERT_TRUE(spool->compaction_error());
    EXPECT_NE(spool->compaction_error()->describe().find("checkpoint"), std::string::npos);
    EXPECT_TRUE(files("checkpoint").empty());
    ASSERT_TRUE(deliver(*spool, {{"u3", std::string(300, '3')}}));
    EXPECT_FALSE(spool->compaction_error());
    EXPECT_EQ(contents_of(disk).size(), 3U);
}

} // namespace
} // namespace watchpost::spool
