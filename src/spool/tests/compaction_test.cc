// The checkpoint: what it keeps, what may be removed then, and what happens where it is damaged.
#include "spool_on_disk.h"

#include "spool/format.h"

namespace watchpost::spool {
namespace {

using Contents = std::multimap<std::string, std::string>;
using States = std::multimap<std::string, SourceState>;

class SpoolCompaction : public SpoolTest {
protected:
    SpoolCompaction()
    {
        options.segment_bytes_max = 300;    // one message each
        options.checkpoint_segments = 1000; // only when it is asked for
    }

    /// u1 … un, each in a segment of its own.
    std::vector<SpoolId> fill(Spool& spool, int count)
    {
        std::vector<SpoolId> ids;
        for (int i = 1; i <= count; ++i) {
            ids.push_back(
                deliver(spool, {{"u" + std::to_string(i), std::string(200, 'x')}}).value()[0]);
        }
        return ids;
    }

    /// The process dies and the machine with it.
    std::unique_ptr<Spool> open_after_power_loss()
    {
        disk.power_loss({});
        return open();
    }
};

TEST_F(SpoolCompaction, LedgerIsTheSameAfterwards)
{
    auto spool = open();
    const auto ids = fill(*spool, 5);
    ASSERT_TRUE(spool->note({{ids[1], SourceState::expunged}}));
    const States before = ledger_of(*spool);
    ASSERT_TRUE(spool->compact());
    EXPECT_EQ(ledger_of(*spool), before);
    spool.reset();
    spool = open_after_power_loss();
    EXPECT_EQ(ledger_of(*spool), before);
    EXPECT_TRUE(spool->recovery_notes().empty());
    EXPECT_EQ(contents_of(disk).size(), 5U);
}

TEST_F(SpoolCompaction, UnsettledContentStays)
{
    auto spool = open();
    const auto ids = fill(*spool, 3);
    ASSERT_TRUE(spool->settle({ids[1]}));
    ASSERT_TRUE(spool->compact());
    EXPECT_EQ(files("segments/"), (std::vector{segment_name(1), segment_name(3), segment_name(4)}));
    const auto contents = contents_of(disk);
    EXPECT_EQ(contents.find("u1")->second, std::string(200, 'x'));
    EXPECT_NE(contents.find("u2")->second.find("no content is stored"), std::string::npos);
}

TEST_F(SpoolCompaction, SettledMessageIsStillKnownAndNotCollectedAgain)
{
    auto spool = open();
    const auto ids = fill(*spool, 3);
    ASSERT_TRUE(spool->settle(ids));
    ASSERT_TRUE(spool->compact());
    EXPECT_EQ(files("segments/"), std::vector{segment_name(4)}); // the one that is written to
    spool.reset();
    spool = open_after_power_loss();
    EXPECT_EQ(ledger_of(*spool).size(), 3U);
    EXPECT_TRUE(spool->recovery_notes().empty());
}

TEST_F(SpoolCompaction, NothingIsRemovedBeforeACheckpointHoldsIt)
{
    auto spool = open();
    const auto ids = fill(*spool, 3);
    ASSERT_TRUE(spool->settle(ids));
    ASSERT_TRUE(spool->flush());
    for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) {
        EXPECT_EQ(files(segment_name(sequence)).size(), 1U);
    }
}

TEST_F(SpoolCompaction, SettlingTwiceOrAForeignIdIsNothing)
{
    auto spool = open();
    const auto ids = fill(*spool, 2);
    ASSERT_TRUE(spool->settle({ids[0], ids[0], SpoolId::make()}));
    ASSERT_TRUE(spool->settle({ids[0]}));
    ASSERT_TRUE(spool->compact());
    EXPECT_EQ(ledger_of(*spool).size(), 2U);
    EXPECT_EQ(contents_of(disk).find("u2")->second, std::string(200, 'x'));
}

TEST_F(SpoolCompaction, FileOfASettledLargeMessageGoesOthersStay)
{
    options.segment_bytes_max = 1000;
    auto spool = open();
    const auto ids = deliver(*spool, {{"b1", std::string(large_octets, '1')},
                                      {"b2", std::string(large_octets, '2')}})
                         .value();
    ASSERT_TRUE(deliver(*spool, {{"u", std::string(900, 'x')}}));
    ASSERT_TRUE(spool->settle({ids[0]}));
    ASSERT_TRUE(spool->compact());
    EXPECT_EQ(files("large/"), std::vector{large_name(ids[1])});
    spool.reset();
    spool = open_after_power_loss();
    EXPECT_EQ(ledger_of(*spool).size(), 3U);
    EXPECT_TRUE(spool->recovery_notes().empty());
}

/// A spool whose clock the test moves.
class SpoolExpunged : public SpoolCompaction {
protected:
    SpoolExpunged()
    {
        options.clock = [this] { return now; };
    }

    SpoolId deliver_old(Spool& spool)
    {
        std::vector<Arrival> batch;
        batch.push_back(arrival(spool, "old", std::string(200, 'x')));
        batch.front().receipt.received_at = now - std::chrono::days{90};
        return spool.commit(std::move(batch)).value()[0];
    }

    /// Is it remembered after a compaction, so many days from now?
    bool is_known_after(Spool& spool, int days)
    {
        now += std::chrono::days{days};
        EXPECT_TRUE(spool.compact());
        return ledger_of(spool).count("old") == 1;
    }

    base::Instant now = base::now();
};

TEST_F(SpoolExpunged, ASettledMessageIsForgottenAMonthAfterItsDeletionWhenEverItCame)
{
    auto spool = open();
    const SpoolId old = deliver_old(*spool);
    const auto ids = fill(*spool, 3);
    ASSERT_TRUE(spool->note({{old, SourceState::expunged}, {ids[0], SourceState::kept}}));
    EXPECT_TRUE(is_known_after(*spool, 40)); // not settled yet
    ASSERT_TRUE(spool->note({{old, SourceState::expunged}}));
    ASSERT_TRUE(spool->settle({old, ids[0]}));
    EXPECT_TRUE(is_known_after(*spool, 29));
    EXPECT_FALSE(is_known_after(*spool, 3));
    EXPECT_EQ(ledger_of(*spool).count("u1"), 1U); // still at the source
    spool.reset();
    EXPECT_EQ(ledger_of(*open_after_power_loss()).size(), 3U);
}

TEST_F(SpoolExpunged, WhatIsNotedAgainIsRememberedAnew)
{
    auto spool = open();
    const SpoolId old = deliver_old(*spool);
    fill(*spool, 1);
    ASSERT_TRUE(spool->note({{old, SourceState::expunged}}));
    ASSERT_TRUE(spool->settle({old}));
    EXPECT_TRUE(is_known_after(*spool, 20));
    ASSERT_TRUE(spool->note({{old, SourceState::expunged}})); // the server lists it still
    EXPECT_TRUE(is_known_after(*spool, 20));
    EXPECT_FALSE(is_known_after(*spool, 12));
}

TEST_F(SpoolExpunged, TheDayIsKeptInTheCheckpointAndOpeningDoesNotStartItAnew)
{
    auto spool = open();
    const SpoolId old = deliver_old(*spool);
    fill(*spool, 1);
    now -= std::chrono::days{25};
    ASSERT_TRUE(spool->note({{old, SourceState::expunged}}));
    ASSERT_TRUE(spool->settle({old}));
    fill(*spool, 2); // the note is in a full segment
    EXPECT_TRUE(is_known_after(*spool, 0));
    spool.reset();
    spool = open_after_power_loss();
    EXPECT_TRUE(is_known_after(*spool, 25));
    EXPECT_FALSE(is_known_after(*spool, 7));
}

TEST_F(SpoolCompaction, StatesSurviveTheirSegments)
{
    auto spool = open();
    ASSERT_TRUE(spool->put("maildrop/alice", "3 alice"));
    const auto ids = fill(*spool, 3);
    ASSERT_TRUE(spool->settle(ids));
    ASSERT_TRUE(spool->compact());
    spool.reset();
    EXPECT_EQ(open_after_power_loss()->get("maildrop/alice"), "3 alice");
}

TEST_F(SpoolCompaction, RunsByItselfEverySoManySegments)
{
    options.checkpoint_segments = 4;
    auto spool = open();
    fill(*spool, 4);
    EXPECT_TRUE(files("checkpoint").empty());
    fill(*spool, 2);
    EXPECT_EQ(files("checkpoint").size(), 1U);
    EXPECT_FALSE(spool->compaction_error());
}

/// What a failed write left behind the end of a segment must not look like records once the segment
/// whose header told the end is gone.
TEST_F(SpoolCompaction, EndOfASegmentIsKnownWithoutItsSuccessor)
{
    options.segment_bytes_max = 2000;
    auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"u1", "1"}}));
    disk.inject(disk.operations() + 1, Fault::write_error);
    disk.inject(disk.operations() + 2, Fault::write_error); // taking it back
    ASSERT_FALSE(deliver(*spool, {{"r1", "refused"}, {"r2", "refused"}}));
    const auto ids = deliver(*spool, {{"u2", std::string(1500, '2')}}).value();
    ASSERT_TRUE(deliver(*spool, {{"u3", std::string(1500, '3')}}));
    ASSERT_TRUE(spool->settle(ids));
    ASSERT_TRUE(spool->compact());
    ASSERT_TRUE(files(segment_name(2)).empty());
    const auto reader = SpoolReader::open(disk.mount(), Verify::content).value();
    EXPECT_TRUE(reader->damage().empty());
    EXPECT_EQ(ledger_of(*spool).size(), 3U);
}

TEST_F(SpoolCompaction, SegmentWithDamageIsNeverRemoved)
{
    auto spool = open();
    const auto ids = fill(*spool, 3);
    spool.reset();
    base::Bytes content = disk.content(segment_name(1));
    content.at(file_header_bytes + 40) ^= std::byte{1};
    disk.set_content(segment_name(1), content);
    for (int round = 0; round < 2; ++round) {
        spool = open();
        ASSERT_TRUE(spool->settle(ids));
        ASSERT_TRUE(spool->compact());
        EXPECT_EQ(files(segment_name(1)).size(), 1U);
        spool.reset();
    }
}

TEST_F(SpoolCompaction, DamagedCheckpointIsNamedKeptAndMadeAnew)
{
    auto spool = open();
    fill(*spool, 4);
    ASSERT_TRUE(spool->compact());
    spool.reset();
    base::Bytes content = disk.content("checkpoint");
    content.at(content.size() / 2) ^= std::byte{1};
    disk.set_content("checkpoint", content);
    spool = open();
    EXPECT_EQ(ledger_of(*spool).size(), 4U); // the segments still hold it all
    ASSERT_FALSE(spool->recovery_notes().empty());
    EXPECT_NE(spool->recovery_notes()[0].text.find("checkpoint"), std::string::npos);
    ASSERT_TRUE(spool->compact());
    EXPECT_EQ(files("checkpoint").size(), 2U); // the damaged one beside the new one
    spool.reset();
    spool = open_after_power_loss();
    EXPECT_EQ(ledger_of(*spool).size(), 4U);
    EXPECT_TRUE(spool->recovery_notes().empty());
}

TEST_F(SpoolCompaction, EveryDamagedOctetOfACheckpointLosesAtMostOneSettledMessage)
{
    auto spool = open();
    ASSERT_TRUE(spool->put("maildrop/alice", "7 alice"));
    const auto ids = fill(*spool, 4);
    ASSERT_TRUE(spool->settle(ids));
    ASSERT_TRUE(spool->compact());
    spool.reset();
    const base::Bytes whole = disk.content("checkpoint");
    for (std::size_t at = 0; at < whole.size(); ++at) {
        base::Bytes content = whole;
        content[at] ^= std::byte{1};
        disk.set_content("checkpoint", content);
        const auto damaged = open();
        EXPECT_GE(ledger_of(*damaged).size(), 3U) << at;
        EXPECT_EQ(damaged->get("maildrop/alice"), "7 alice") << at; // it stands there twice
        EXPECT_FALSE(damaged->recovery_notes().empty()) << at;
    }
}

TEST_F(SpoolCompaction, TruncatedCheckpointIsNoticedAtEveryOctet)
{
    auto spool = open();
    fill(*spool, 2);
    ASSERT_TRUE(spool->compact());
    spool.reset();
    const base::Bytes whole = disk.content("checkpoint");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        disk.set_content(
            "checkpoint",
            base::Bytes{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
        const auto cut = open();
        EXPECT_EQ(ledger_of(*cut).size(), 2U) << size;
        EXPECT_FALSE(cut->recovery_notes().empty()) << size;
    }
}

} // namespace
} // namespace watchpost::spool
