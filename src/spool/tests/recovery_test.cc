// Damage and leftovers: what can be read is kept, what cannot is named.
#include "spool_on_disk.h"

#include "spool/crc32c.h"
#include "spool/format.h"

namespace watchpost::spool {
namespace {

using base::ErrorCode;
using Contents = std::multimap<std::string, std::string>;

const std::string first_segment = segment_name(1);

class SpoolRecovery : public SpoolTest {
protected:
    /// Three messages in a segment that was closed in order.
    void make_three()
    {
        ASSERT_TRUE(deliver(*open(), {{"u1", "one"}, {"u2", "two"}, {"u3", "three"}}));
    }

    void damage(const std::string& name, std::uint64_t offset)
    {
        base::Bytes content = disk.content(name);
        content.at(offset) ^= std::byte{0x20};
        disk.set_content(name, std::move(content));
    }

    std::uint64_t find(const std::string& name, std::string_view text) const
    {
        const base::Bytes content = disk.content(name);
        return base::as_text(content).find(text);
    }

    /// All notes of that kind in one string.
    static std::string notes(const Spool& spool, RecoveryNote::Kind kind)
    {
        std::string text;
        for (const RecoveryNote& note : spool.recovery_notes()) {
            text += note.kind == kind ? note.text + "\n" : "";
        }
        return text;
    }
};

TEST_F(SpoolRecovery, EveryDamagedOctetCostsAtMostOneMessageAndIsNamed)
{
    make_three();
    const base::Bytes whole = disk.content(first_segment);
    for (std::uint64_t at = 0; at < whole.size(); ++at) {
        disk.set_content(first_segment, whole);
        damage(first_segment, at);
        const auto reader = SpoolReader::open(disk.mount(), Verify::content).value();
        std::size_t whole_ones = 0;
        ASSERT_TRUE(reader->for_each_item([&](const SpoolItem& item) {
            whole_ones += item.content == ContentState::stored ? 1U : 0U;
        }));
        EXPECT_GE(whole_ones, 2U) << at;
        const bool is_last_mark = at >= whole.size() - 40; // an unfinished write for all we know
        EXPECT_TRUE(is_last_mark || !reader->damage().empty()) << at;
    }
}

TEST_F(SpoolRecovery, DamagedContentIsNotInTheLedgerSoThatItIsFetchedAgain)
{
    make_three();
    ASSERT_TRUE(deliver(*open(), {{"u4", "four"}}));
    damage(first_segment, find(first_segment, "two"));
    const auto reader = SpoolReader::open(disk.mount(), Verify::content).value();
    ASSERT_EQ(reader->damage().size(), 1U);
    EXPECT_NE(reader->damage()[0].what.find("does not check out"), std::string::npos);
    EXPECT_EQ(contents_of(disk),
              (Contents{{"u1", "one"}, {"u2", "damaged"}, {"u3", "three"}, {"u4", "four"}}));
}

TEST_F(SpoolRecovery, DamageInTheMiddleIsNamedByOffsetAndTheSegmentIsLeftAlone)
{
    make_three();
    const std::uint64_t at = find(first_segment, "u2");
    damage(first_segment, at);
    auto spool = open();
    EXPECT_EQ(ledger_of(*spool).count("u2"), 0U);
    EXPECT_EQ(ledger_of(*spool).size(), 2U);
    const std::string named = notes(*spool, RecoveryNote::Kind::damaged);
    EXPECT_NE(named.find(first_segment + ", offset "), std::string::npos) << named;
    ASSERT_TRUE(deliver(*spool, {{"u2", "two again"}}));
    EXPECT_EQ(files("segments/").size(), 2U); // nothing is written behind damage
    spool.reset();
    EXPECT_EQ(ledger_of(*open()).size(), 3U);
}

TEST_F(SpoolRecovery, TornTailIsCutOffAndSaidSoAtEveryOctet)
{
    auto first = open();
    ASSERT_TRUE(deliver(*first, {{"u1", "one"}}));
    const std::size_t size_before = disk.content(first_segment).size();
    ASSERT_TRUE(deliver(*first, {{"u2", "two"}}));
    disk.process_death();
    first.reset();
    const base::Bytes whole = disk.content(first_segment);
    for (std::size_t size = size_before + 1; size < whole.size(); ++size) {
        disk.set_content(
            first_segment,
            base::Bytes{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
        auto spool = open();
        EXPECT_EQ(ledger_of(*spool).size(), 1U) << size;
        const bool is_at_a_record = size == size_before + 40; // just the mark got out
        EXPECT_EQ(notes(*spool, RecoveryNote::Kind::mended).find("cut off") == std::string::npos,
                  is_at_a_record)
            << size;
        ASSERT_TRUE(deliver(*spool, {{"u2", "two"}})) << size;
        spool.reset();
        EXPECT_EQ(contents_of(disk), (Contents{{"u1", "one"}, {"u2", "two"}})) << size;
    }
}

TEST_F(SpoolRecovery, OrphansOfInterruptedWritesAreRemoved)
{
    make_three();
    const std::string stray = large_name(SpoolId::make());
    disk.set_content(stray, base::Bytes(10));
    disk.set_content(stray + ".part", base::Bytes(10));
    disk.set_content("checkpoint.part", base::Bytes(10));
    disk.set_content("identity.part", base::Bytes(10));
    const auto spool = open();
    EXPECT_TRUE(files("large/").empty());
    EXPECT_NE(notes(*spool, RecoveryNote::Kind::mended).find(stray), std::string::npos);
}

/// Its record may be in what cannot be read: then the file is all that is left of the message.
TEST_F(SpoolRecovery, LargeFileWithoutRecordIsKeptWhereRecordsAreDamaged)
{
    make_three();
    const std::string stray = large_name(SpoolId::make());
    disk.set_content(stray, base::Bytes(10));
    damage(first_segment, find(first_segment, "u2"));
    const auto spool = open();
    EXPECT_EQ(files("large/").size(), 1U);
    EXPECT_NE(notes(*spool, RecoveryNote::Kind::damaged).find(stray), std::string::npos);
}

TEST_F(SpoolRecovery, FilesOfOthersAreLeftAlone)
{
    make_three();
    disk.set_content("segments/notes.txt", base::Bytes(3));
    disk.set_content("large/readme", base::Bytes(3));
    disk.set_content("README", base::Bytes(3));
    const auto spool = open();
    EXPECT_TRUE(spool->recovery_notes().empty());
    EXPECT_EQ(files("segments/notes.txt").size() + files("large/readme").size() +
                  files("README").size(),
              3U);
}

TEST_F(SpoolRecovery, MissingLargeFileIsNamedAndFetchedAgain)
{
    const auto ids = deliver(*open(), {{"big", std::string(large_octets, 'x')}}).value();
    ASSERT_TRUE(disk.mount()->remove(large_name(ids[0])));
    const auto spool = open();
    EXPECT_TRUE(ledger_of(*spool).empty());
    EXPECT_NE(notes(*spool, RecoveryNote::Kind::damaged).find("is missing"), std::string::npos);
}

TEST_F(SpoolRecovery, MissingSegmentIsNamed)
{
    options.segment_bytes_max = 300;
    auto spool = open();
    for (const char* uid : {"u1", "u2", "u3"}) {
        ASSERT_TRUE(deliver(*spool, {{uid, std::string(300, 'x')}}));
    }
    spool.reset();
    ASSERT_TRUE(disk.mount()->remove(segment_name(2)));
    spool = open();
    EXPECT_EQ(ledger_of(*spool).size(), 2U);
    EXPECT_NE(notes(*spool, RecoveryNote::Kind::damaged).find(segment_name(2) + ", offset 0"),
              std::string::npos);
}

TEST_F(SpoolRecovery, DamagedIdentityIsTakenFromOtherFilesAndTheEpochStillRises)
{
    make_three();
    open();
    disk.set_content(std::string{identity_name}, base::Bytes(64));
    const auto spool = open();
    EXPECT_EQ(ledger_of(*spool).size(), 3U);
    EXPECT_GT(spool->epoch(), 1000U); // far beyond any that was used
    EXPECT_NE(notes(*spool, RecoveryNote::Kind::damaged).find("identity"), std::string::npos);
}

TEST_F(SpoolRecovery, DamagedSegmentHeaderCostsNothing)
{
    make_three();
    damage(first_segment, 20);
    const auto spool = open();
    EXPECT_EQ(ledger_of(*spool).size(), 3U);
    EXPECT_NE(notes(*spool, RecoveryNote::Kind::damaged).find("header"), std::string::npos);
}

TEST_F(SpoolRecovery, FolderWithoutAnyReadableHeaderIsRefusedAndNotOverwritten)
{
    make_three();
    disk.set_content(std::string{identity_name}, base::Bytes(64));
    damage(first_segment, 20);
    const auto spool = Spool::open(disk.mount(), options);
    ASSERT_FALSE(spool);
    EXPECT_EQ(spool.error().code(), ErrorCode::damaged);
    EXPECT_EQ(disk.content(std::string{identity_name}), base::Bytes(64));
}

TEST_F(SpoolRecovery, SpoolOfALaterVersionIsRefused)
{
    make_three();
    base::Bytes content = disk.content(first_segment);
    content[8] = std::byte{2}; // the version
    const std::uint32_t crc = crc32c(0, base::ByteView{content}.first(file_header_bytes - 4));
    for (std::size_t i = 0; i < 4; ++i) {
        content[file_header_bytes - 4 + i] = static_cast<std::byte>(crc >> (8U * i));
    }
    disk.set_content(first_segment, content);
    const auto spool = Spool::open(disk.mount(), options);
    ASSERT_FALSE(spool);
    EXPECT_EQ(spool.error().code(), ErrorCode::unsupported);
    EXPECT_EQ(disk.content(first_segment), content);
}

TEST_F(SpoolRecovery, BadSectorCostsWhatIsInItAndIsNamed)
{
    options.segment_bytes_max = 20'000;
    auto spool = open();
    for (int i = 0; i < 12; ++i) { // some segments, several blocks each
        ASSERT_TRUE(deliver(*spool, {{"u" + std::to_string(i), std::string(5000, 'x')}}));
    }
    spool.reset();
    disk.set_unreadable(first_segment, 6000); // in the second message
    const auto reader = SpoolReader::open(disk.mount(), Verify::content).value();
    ASSERT_FALSE(reader->damage().empty());
    spool = open();
    EXPECT_GE(ledger_of(*spool).size(), 10U);
    EXPECT_NE(notes(*spool, RecoveryNote::Kind::damaged).find("the disk does not give"),
              std::string::npos);
    EXPECT_TRUE(deliver(*spool, {{"more", "mail"}}));
}

/// To cut it off would be to throw away what was acknowledged.
TEST_F(SpoolRecovery, UnreadableTailIsNotTakenForATornWrite)
{
    make_three();
    const base::Bytes before = disk.content(first_segment);
    disk.set_unreadable(first_segment, find(first_segment, "two"));
    const auto spool = Spool::open(disk.mount(), options);
    ASSERT_FALSE(spool);
    EXPECT_EQ(spool.error().code(), ErrorCode::io_failed);
    EXPECT_NE(spool.error().describe().find("watchpost spool export"), std::string::npos);
    EXPECT_EQ(disk.content(first_segment), before);
    EXPECT_FALSE(SpoolReader::open(disk.mount()).value()->damage().empty());
}

TEST_F(SpoolRecovery, UnreadableHeadersAreTreatedAsDamagedOnes)
{
    options.segment_bytes_max = 300;
    auto spool = open();
    for (const char* uid : {"u1", "u2", "u3"}) {
        ASSERT_TRUE(deliver(*spool, {{uid, std::string(300, 'x')}}));
    }
    spool.reset();
    disk.set_unreadable(std::string{identity_name}, 0);
    disk.set_unreadable(first_segment, 3);
    spool = open();
    EXPECT_EQ(ledger_of(*spool).size(), 3U);
    const std::string named = notes(*spool, RecoveryNote::Kind::damaged);
    EXPECT_NE(named.find("identity"), std::string::npos) << named;
    EXPECT_NE(named.find(first_segment), std::string::npos) << named;
}

} // namespace
} // namespace watchpost::spool
