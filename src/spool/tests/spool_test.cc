#include "spool/spool.h"

#include "spool_on_disk.h"

namespace watchpost::spool {
namespace {

using base::ErrorCode;
using Contents = std::multimap<std::string, std::string>;

std::string large_text(char octet)
{
    return std::string(large_octets, octet);
}

TEST_F(SpoolTest, CommittedMessagesAreThereByteForByte)
{
    const std::string binary("a\r\n.\r\n\0\xff", 8);
    ASSERT_TRUE(deliver(*open(), {{"u1", "hello"}, {"u2", binary}, {"u3", ""}}));
    EXPECT_EQ(contents_of(disk), (Contents{{"u1", "hello"}, {"u2", binary}, {"u3", ""}}));
}

TEST_F(SpoolTest, ReceiptIsKeptAsItWasGivenAndFilledIn)
{
    const auto spool = open();
    std::vector<Arrival> batch;
    batch.push_back(arrival(*spool, "u1", "hello"));
    batch.front().receipt.completeness = Completeness::short_of_announced;
    batch.front().receipt.announced_octets = 99;
    const auto ids = spool->commit(std::move(batch)).value();
    std::vector<LedgerEntry> entries;
    ASSERT_TRUE(spool->for_each_entry([&](const LedgerEntry& entry) { entries.push_back(entry); }));
    ASSERT_EQ(entries.size(), 1U);
    const Receipt& kept = entries.front().receipt;
    EXPECT_EQ(entries.front().id, ids.front());
    EXPECT_EQ(kept.key, alice);
    EXPECT_EQ(kept.octets, 5U);
    EXPECT_EQ(kept.announced_octets, 99U);
    EXPECT_EQ(kept.sha256, crypto::sha256(base::as_bytes("hello")));
    EXPECT_EQ(kept.epoch, spool->epoch());
    EXPECT_EQ(kept.completeness, Completeness::short_of_announced);
    EXPECT_EQ(kept.received_at, receipt("").received_at);
}

TEST_F(SpoolTest, LedgerIsTheSameAfterOpeningAgain)
{
    auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"u1", "one"}, {"u2", large_text('x')}}));
    const auto before = ledger_of(*spool);
    spool.reset();
    spool = open();
    EXPECT_EQ(ledger_of(*spool), before);
    EXPECT_TRUE(spool->recovery_notes().empty());
}

TEST_F(SpoolTest, LargeMessageHasAFileOfItsOwn)
{
    ASSERT_TRUE(deliver(*open(), {{"big", large_text('x')}, {"small", "y"}}));
    EXPECT_EQ(files("large/").size(), 1U);
    EXPECT_EQ(contents_of(disk), (Contents{{"big", large_text('x')}, {"small", "y"}}));
}

TEST_F(SpoolTest, MessageOfTheBufferSizeIsNotLarge)
{
    ASSERT_TRUE(deliver(*open(), {{"u", std::string(Incoming::buffered_bytes_max, 'x')}}));
    EXPECT_TRUE(files("large/").empty());
}

/// A server's announcement decides nothing but speed.
TEST_F(SpoolTest, LyingAnnouncementCostsNothing)
{
    const auto spool = open();
    std::vector<Arrival> batch;
    batch.push_back({spool->begin(UINT64_MAX).value(), receipt("huge", UINT64_MAX)});
    batch.push_back({spool->begin(0).value(), receipt("tiny")});
    ASSERT_TRUE(batch[0].content->append(base::as_bytes("small")));
    ASSERT_TRUE(batch[1].content->append(base::as_bytes(large_text('x'))));
    ASSERT_TRUE(spool->commit(std::move(batch)));
    EXPECT_EQ(contents_of(disk), (Contents{{"huge", "small"}, {"tiny", large_text('x')}}));
}

TEST_F(SpoolTest, EverySplitOfTheOctetsGivesTheSameMessage)
{
    const std::string text = "From: a\r\n\r\nbody";
    for (std::size_t split = 0; split <= text.size(); ++split) {
        const auto spool = open();
        auto content = spool->begin(text.size()).value();
        ASSERT_TRUE(content->append(base::as_bytes(text.substr(0, split))));
        ASSERT_TRUE(content->append(base::as_bytes(text.substr(split))));
        EXPECT_EQ(content->octets(), text.size());
        EXPECT_EQ(content->finish().value(), crypto::sha256(base::as_bytes(text)));
    }
}

TEST_F(SpoolTest, ForgottenMessageLeavesNothing)
{
    const auto spool = open();
    auto content = spool->begin(large_octets).value();
    ASSERT_TRUE(content->append(base::as_bytes(large_text('x'))));
    ASSERT_EQ(files("large/").size(), 1U);
    content.reset();
    EXPECT_TRUE(files("large/").empty());
    EXPECT_TRUE(ledger_of(*spool).empty());
}

TEST_F(SpoolTest, TooLargeMessageIsRememberedWithoutContent)
{
    const auto spool = open();
    std::vector<Arrival> batch;
    batch.push_back({nullptr, receipt("big", 1'000'000)});
    batch.front().receipt.completeness = Completeness::too_large;
    batch.front().receipt.octets = 900;
    const auto ids = spool->commit(std::move(batch)).value();
    EXPECT_EQ(ledger_of(*spool).count("big"), 1U);
    const auto reader = SpoolReader::open(disk.mount()).value();
    ASSERT_TRUE(reader->for_each_item([&](const SpoolItem& item) {
        EXPECT_EQ(item.id, ids.front());
        EXPECT_EQ(item.content, ContentState::never_stored);
        EXPECT_EQ(item.receipt.octets, 900U);
        EXPECT_FALSE(reader->read(item, [](base::ByteView) { return base::Result<void>{}; }));
    }));
}

TEST_F(SpoolTest, NotesAreDurableWithTheNextFlush)
{
    auto spool = open();
    const auto ids = deliver(*spool, {{"u1", "1"}, {"u2", "2"}, {"u3", "3"}}).value();
    ASSERT_TRUE(spool->note({{ids[0], SourceState::delete_pending}}));
    ASSERT_TRUE(
        spool->note({{ids[0], SourceState::expunged}, {ids[1], SourceState::delete_pending}}));
    ASSERT_TRUE(spool->flush());
    disk.power_loss({});
    spool = open();
    EXPECT_EQ(ledger_of(*spool),
              (std::multimap<std::string, SourceState>{{"u1", SourceState::expunged},
                                                       {"u2", SourceState::delete_pending},
                                                       {"u3", SourceState::kept}}));
}

TEST_F(SpoolTest, NotesAreDurableWithTheNextCommit)
{
    auto spool = open();
    const auto ids = deliver(*spool, {{"u1", "1"}}).value();
    ASSERT_TRUE(spool->note({{ids[0], SourceState::expunged}}));
    ASSERT_TRUE(deliver(*spool, {{"u2", "2"}}));
    disk.power_loss({});
    EXPECT_EQ(ledger_of(*open()).find("u1")->second, SourceState::expunged);
}

TEST_F(SpoolTest, ManyNotesInOneCallAreAllKept)
{
    auto spool = open();
    std::vector<SourceChange> changes(3000, {SpoolId::make(), SourceState::expunged});
    const auto ids = deliver(*spool, {{"u1", "1"}}).value();
    changes.push_back({ids[0], SourceState::expunged});
    ASSERT_TRUE(spool->note(changes));
    spool.reset();
    EXPECT_EQ(ledger_of(*open()).find("u1")->second, SourceState::expunged);
}

TEST_F(SpoolTest, StatesAreDurableAtOnce)
{
    auto spool = open();
    EXPECT_EQ(spool->get("maildrop/alice"), std::nullopt);
    ASSERT_TRUE(spool->put("maildrop/alice", "1 alice"));
    ASSERT_TRUE(spool->put("maildrop/bob", "1 bob"));
    ASSERT_TRUE(spool->put("maildrop/alice", "2 alison"));
    ASSERT_TRUE(spool->put("maildrop/bob", ""));
    disk.power_loss({});
    spool = open();
    EXPECT_EQ(spool->get("maildrop/alice"), "2 alison");
    EXPECT_EQ(spool->get("maildrop/bob"), std::nullopt);
}

TEST_F(SpoolTest, StatesAreForgottenTogetherByOneSync)
{
    auto spool = open();
    for (int i = 0; i < 60; ++i) {
        ASSERT_TRUE(spool->put("poll/alice/" + std::to_string(i), "x"));
    }
    ASSERT_TRUE(spool->put("poll/bob/1", "x"));
    const auto is_of_alice = [](std::string_view name) { return name.starts_with("poll/alice/"); };
    const std::uint64_t before = disk.operations();
    ASSERT_TRUE(spool->forget_if(is_of_alice));
    EXPECT_LE(disk.operations() - before, 3U);
    disk.power_loss({});
    spool = open();
    for (int i = 0; i < 60; ++i) {
        EXPECT_EQ(spool->get("poll/alice/" + std::to_string(i)), std::nullopt);
    }
    EXPECT_EQ(spool->get("poll/bob/1"), "x");
    const std::uint64_t nothing_left = disk.operations();
    ASSERT_TRUE(spool->forget_if(is_of_alice));
    EXPECT_EQ(disk.operations(), nothing_left);
}

TEST_F(SpoolTest, StateOverTheLimitsIsRefused)
{
    const auto spool = open();
    EXPECT_EQ(spool->put("", "x").error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(spool->put(std::string(513, 'n'), "x").error().code(), ErrorCode::limit_exceeded);
    EXPECT_EQ(spool->put("n", std::string(32769, 'v')).error().code(), ErrorCode::limit_exceeded);
    EXPECT_TRUE(spool->put(std::string(512, 'n'), std::string(32768, 'v')));
}

TEST_F(SpoolTest, SecondOpeningIsRefusedWhileTheFirstLives)
{
    auto spool = open();
    const auto second = Spool::open(disk.mount(), options);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), ErrorCode::busy);
    EXPECT_NE(second.error().describe().find("in use by process"), std::string::npos);
    spool.reset();
    EXPECT_TRUE(Spool::open(disk.mount(), options));
}

TEST_F(SpoolTest, EpochRisesWithEveryOpening)
{
    const std::uint64_t first = open()->epoch();
    disk.power_loss({});
    const std::uint64_t second = open()->epoch();
    EXPECT_EQ(first, 1U);
    EXPECT_EQ(second, 2U);
}

TEST_F(SpoolTest, MessageFetchedUnderAnEarlierLeaseIsRefused)
{
    open();
    const auto spool = open();
    for (const auto& [epoch, is_taken] : {std::pair{0, true}, {1, false}, {2, true}, {3, false}}) {
        std::vector<Arrival> batch;
        batch.push_back(arrival(*spool, "u", "x"));
        batch.front().receipt.epoch = static_cast<std::uint64_t>(epoch);
        EXPECT_EQ(spool->commit(std::move(batch)).has_value(), is_taken) << epoch;
    }
}

TEST_F(SpoolTest, BatchWithAnUnusableReceiptIsRefusedAsAWhole)
{
    const auto spool = open();
    for (const auto& spoil : std::vector<std::function<void(Arrival&)>>{
             [](Arrival& a) { a.receipt.key.mailbox.clear(); },
             [](Arrival& a) { a.receipt.key.mailbox.assign(256, 'm'); },
             [](Arrival& a) { a.receipt.key.generation = 0; },
             [](Arrival& a) { a.receipt.uid.assign(1025, 'u'); },
             [](Arrival& a) { a.content.reset(); }}) {
        std::vector<Arrival> batch;
        batch.push_back(arrival(*spool, "good", "x"));
        batch.push_back(arrival(*spool, "bad", "x"));
        spoil(batch.back());
        EXPECT_EQ(spool->commit(std::move(batch)).error().code(), ErrorCode::invalid_argument);
    }
    EXPECT_TRUE(ledger_of(*spool).empty());
}

TEST_F(SpoolTest, EmptyBatchIsNothing)
{
    const auto spool = open();
    const std::uint64_t before = disk.operations();
    EXPECT_TRUE(spool->commit({}).value().empty());
    EXPECT_EQ(disk.operations(), before);
}

TEST_F(SpoolTest, FullSegmentIsFollowedByAnotherAndReadInOrder)
{
    options.segment_bytes_max = 2000;
    auto spool = open();
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(deliver(*spool, {{"u" + std::to_string(10 + i), std::string(300, 'x')}}));
    }
    EXPECT_GT(files("segments/").size(), 3U);
    spool.reset();
    std::vector<std::string> uids;
    ASSERT_TRUE(open()->for_each_entry(
        [&](const LedgerEntry& entry) { uids.push_back(entry.receipt.uid); }));
    EXPECT_EQ(uids.size(), 20U);
    EXPECT_TRUE(std::is_sorted(uids.begin(), uids.end()));
}

TEST_F(SpoolTest, OneBatchCostsOneSync)
{
    const auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"first", "makes the segment"}}));
    const std::uint64_t before = disk.operations();
    ASSERT_TRUE(deliver(*spool, {{"u1", "1"}, {"u2", "2"}, {"u3", "3"}, {"u4", "4"}}));
    EXPECT_EQ(disk.operations() - before, 3U); // two writes and the sync
}

} // namespace
} // namespace watchpost::spool
