// The crash matrix on the disk double: a script of everything that a spool does, interrupted at
// every operation, with every way in which unsynced octets and names get lost. After each: what was
// acknowledged is there byte for byte, nothing is there twice, nothing by halves, and collecting
// what is missing ends with every message once.
#include <optional>
#include <set>

#include "spool_on_disk.h"

namespace watchpost::spool {
namespace {

using Messages = std::vector<std::pair<std::string, std::string>>;

/// In batches, as they are collected. One is large.
const std::vector<Messages>& batches()
{
    static const std::vector<Messages> all{
        {{"a", "first message"}},
        {{"b", std::string(large_octets, 'b')}, {"c", std::string(400, 'c')}},
        {{"d", std::string(700, 'd')}, {"e", ""}},
        {{"f", std::string(900, 'f')}, {"g", std::string(900, 'g')}},
        {{"h", std::string(1100, 'h')}},
        {{"i", std::string(300, 'i')}, {"j", "last but two"}},
        {{"k", std::string(large_octets, 'k')}},
        {{"l", "last message"}},
    };
    return all;
}

/// Of messages that were there before the first poll, and of another name for one of the above.
Receipt receipt_without_content(const std::string& uid, Completeness completeness)
{
    auto made = receipt(uid, 100);
    made.completeness = completeness;
    return made;
}

std::vector<Receipt> without_content()
{
    return {receipt_without_content("seen", Completeness::before_first_poll),
            receipt_without_content("renamed", Completeness::another_uid)};
}

constexpr std::size_t receipts_in_all = 14;

const std::string& content_of(const std::string& uid)
{
    static const auto all = [] {
        std::map<std::string, std::string> by_uid;
        for (const Messages& batch : batches()) {
            by_uid.insert(batch.begin(), batch.end());
        }
        return by_uid;
    }();
    return all.at(uid);
}

/// What the spool promised before it was interrupted.
struct Promises {
    std::map<std::string, SpoolId> committed;
    std::map<std::string, SourceState> noted;
    std::set<std::string> settled; // asked for, promised or not
    std::string state;
    std::string state_asked;
};

/// A collector that knows what it has, and goes on after an error unless nothing works any more.
class Script {
public:
    Script(PowerLossDisk& disk, const SpoolOptions& options, Promises& promises)
        : disk_{disk}
        , options_{options}
        , promises_{promises}
    {
    }

    void run()
    {
        if (!try_often([&] { return open(); })) {
            return;
        }
        for (std::size_t i = 0; i < batches().size(); ++i) {
            if (!try_often([&] { return commit(batches()[i]); }) || !between(i)) {
                return;
            }
        }
    }

    /// Ends the process: nothing more gets to the disk.
    void die()
    {
        disk_.process_death();
        spool_.reset();
    }

private:
    static bool try_often(const std::function<bool()>& step)
    {
        for (int attempt = 0; attempt < 4; ++attempt) {
            if (step()) {
                return true;
            }
        }
        return false;
    }

    bool open()
    {
        auto opened = Spool::open(disk_.mount(), options_);
        spool_ = opened ? std::move(*opened) : nullptr;
        return opened.has_value();
    }

    bool commit(const Messages& batch)
    {
        std::vector<Arrival> arrivals;
        for (const auto& [uid, content] : batch) {
            auto begun = spool_->begin(content.size());
            if (!begun || !(*begun)->append(base::as_bytes(content))) {
                return false;
            }
            arrivals.push_back({std::move(*begun), receipt(uid, content.size())});
        }
        const auto ids = spool_->commit(std::move(arrivals));
        for (std::size_t i = 0; ids && i < batch.size(); ++i) {
            EXPECT_TRUE(promises_.committed.emplace(batch[i].first, (*ids)[i]).second);
        }
        return ids.has_value();
    }

    bool commit_without_content()
    {
        std::vector<Arrival> arrivals;
        for (const auto& receipt : without_content()) {
            arrivals.push_back({nullptr, receipt});
        }
        const auto ids = spool_->commit(std::move(arrivals));
        for (std::size_t i = 0; ids && i < ids->size(); ++i) {
            EXPECT_TRUE(promises_.committed.emplace(without_content()[i].uid, (*ids)[i]).second);
        }
        return ids.has_value();
    }

    bool note(const std::string& uid, SourceState state)
    {
        const bool is_noted = spool_->note({{promises_.committed.at(uid), state}}).has_value();
        return is_noted;
    }

    bool flush_notes(const std::map<std::string, SourceState>& noted)
    {
        if (!spool_->flush()) {
            return false;
        }
        for (const auto& [uid, state] : noted) {
            promises_.noted[uid] = state;
        }
        return true;
    }

    bool put(const std::string& value)
    {
        promises_.state_asked = value;
        if (!spool_->put("state", value)) {
            return false;
        }
        promises_.state = value;
        return true;
    }

    bool settle(const std::vector<std::string>& uids)
    {
        std::vector<SpoolId> ids;
        for (const std::string& uid : uids) {
            promises_.settled.insert(uid);
            ids.push_back(promises_.committed.at(uid));
        }
        return spool_->settle(ids).has_value();
    }

    /// What is done after the i-th batch.
    bool between(std::size_t i)
    {
        switch (i) {
        case 0:
            return try_often([&] { return put("one"); });
        case 1:
            return try_often([&] { return note("a", SourceState::delete_pending); }) &&
                   try_often([&] { return commit_without_content(); });
        case 2:
            return try_often([&] { return note("a", SourceState::expunged); }) &&
                   try_often([&] { return flush_notes({{"a", SourceState::expunged}}); }) &&
                   try_often([&] { return put("two"); });
        case 3:
            return try_often([&] { return settle({"a", "b", "c", "d", "e"}); });
        case 4:
            return try_often([&] { return spool_->compact().has_value(); });
        case 6:
            return try_often([&] { return settle({"k"}); }) &&
                   try_often([&] { return spool_->give_room_back().has_value(); });
        default:
            return true;
        }
    }

    PowerLossDisk& disk_;
    SpoolOptions options_;
    Promises& promises_;
    std::unique_ptr<Spool> spool_;
};

SpoolOptions small_segments()
{
    SpoolOptions options;
    options.segment_bytes_max = 2000;
    options.checkpoint_segments = 2;
    return options;
}

struct Seen {
    std::map<std::string, SourceState> source;
    std::set<std::string> damaged_or_wrong;
};

/// Reads everything back, octet by octet.
Seen look(PowerLossDisk& disk, const Promises& promises)
{
    Seen seen;
    const auto reader = SpoolReader::open(disk.mount(), Verify::content);
    if (!reader) {
        ADD_FAILURE() << reader.error().describe();
        return seen;
    }
    for (const DamagedRange& range : (*reader)->damage()) {
        ADD_FAILURE() << range.file << ' ' << range.offset << ' ' << range.what;
    }
    EXPECT_TRUE((*reader)->for_each_item([&](const SpoolItem& item) {
        const std::string& uid = item.receipt.uid;
        EXPECT_TRUE(seen.source.emplace(uid, item.source).second) << uid << " is there twice";
        if (item.content == ContentState::removed) {
            EXPECT_TRUE(promises.settled.contains(uid)) << uid << " was removed";
        } else if (!has_content(item.receipt.completeness)) {
            EXPECT_EQ(item.content, ContentState::never_stored) << uid;
            EXPECT_TRUE(item.is_settled) << uid;
        } else {
            EXPECT_EQ(item.content, ContentState::stored) << uid;
            EXPECT_TRUE(read_content(**reader, item) == content_of(uid)) << uid << " is not whole";
        }
    }));
    return seen;
}

void expect_promises_kept(PowerLossDisk& disk, const Spool& spool, const Promises& promises)
{
    const Seen seen = look(disk, promises);
    for (const auto& [uid, id] : promises.committed) {
        EXPECT_TRUE(seen.source.contains(uid)) << uid << " was acknowledged and is lost";
    }
    for (const auto& [uid, state] : promises.noted) {
        EXPECT_EQ(seen.source.at(uid), state) << uid;
    }
    const std::string state = spool.get("state").value_or("");
    EXPECT_TRUE(state == promises.state || state == promises.state_asked) << state;
}

/// Fetches what the ledger does not know; afterwards everything is there once.
void collect_the_rest(PowerLossDisk& disk, Spool& spool, const Promises& promises)
{
    const auto known = ledger_of(spool);
    for (const Messages& batch : batches()) {
        for (const auto& message : batch) {
            if (!known.contains(message.first)) {
                ASSERT_TRUE(deliver(spool, {message}));
            }
        }
    }
    for (const auto& receipt : without_content()) {
        if (!known.contains(receipt.uid)) {
            std::vector<Arrival> batch;
            batch.push_back({nullptr, receipt});
            ASSERT_TRUE(spool.commit(std::move(batch)));
        }
    }
    EXPECT_EQ(look(disk, promises).source.size(), receipts_in_all);
}

/// How much there is to interrupt.
std::uint64_t operations_of_the_script()
{
    PowerLossDisk disk;
    Promises promises;
    Script script{disk, small_segments(), promises};
    script.run();
    EXPECT_EQ(promises.committed.size(), receipts_in_all);
    EXPECT_EQ(promises.state, "two");
    script.die();
    return disk.operations();
}

std::vector<PowerLoss> losses()
{
    std::vector<PowerLoss> all;
    for (const bool names_kept : {false, true}) {
        all.push_back({Torn::all_lost, 0, names_kept});
        all.push_back({Torn::all_kept, 0, names_kept});
        all.push_back({Torn::zero_filled, 0, names_kept});
        all.push_back({Torn::first_lost, 0, names_kept});
        all.push_back({Torn::holes, 0, names_kept});
        all.push_back({Torn::holes, 16, names_kept});
        for (const std::uint64_t octets : {1U, 31U, 32U, 33U, 63U, 64U, 150U, 500U, 1000U, 2500U}) {
            all.push_back({Torn::prefix, octets, names_kept});
        }
    }
    return all;
}

std::string describe(std::uint64_t operation, const PowerLoss& loss)
{
    return "operation " + std::to_string(operation) + ", loss " +
           std::to_string(static_cast<int>(loss.files)) + "/" + std::to_string(loss.octets) + "/" +
           std::to_string(static_cast<int>(loss.names_kept));
}

void check_after_loss(PowerLossDisk& disk, const Promises& promises)
{
    auto spool = Spool::open(disk.mount(), small_segments());
    ASSERT_TRUE(spool) << spool.error().describe();
    for (const RecoveryNote& note : (*spool)->recovery_notes()) {
        EXPECT_EQ(note.kind, RecoveryNote::Kind::mended) << note.text;
    }
    expect_promises_kept(disk, **spool, promises);
    collect_the_rest(disk, **spool, promises);
}

TEST(SpoolCrashMatrix, PowerLossAtEveryOperationLosesNothingAcknowledged)
{
    const std::uint64_t operations = operations_of_the_script();
    ASSERT_GT(operations, 50U);
    for (std::uint64_t operation = 0; operation < operations; ++operation) {
        for (const PowerLoss& loss : losses()) {
            SCOPED_TRACE(describe(operation, loss));
            PowerLossDisk disk;
            disk.inject(operation, Fault::power_off);
            Promises promises;
            Script script{disk, small_segments(), promises};
            script.run();
            script.die();
            disk.power_loss(loss);
            check_after_loss(disk, promises);
            ASSERT_FALSE(testing::Test::HasFailure());
        }
    }
}

/// The process died, the machine lives. What the next process finds it believes, and deletes at the
/// source; what it adds it acknowledges: all of that must survive a power loss right after.
void check_next_process(PowerLossDisk& disk, Promises& promises, bool adds_more)
{
    disk.power_on();
    auto spool = Spool::open(disk.mount(), small_segments());
    ASSERT_TRUE(spool) << spool.error().describe();
    if (adds_more) {
        collect_the_rest(disk, **spool, promises);
    }
    for (const auto& [uid, state] : ledger_of(**spool)) {
        promises.committed.emplace(uid, SpoolId{});
    }
    disk.power_loss({});
    spool->reset();
    check_after_loss(disk, promises);
}

TEST(SpoolCrashMatrix, WhatTheNextProcessBelievesIsDurable)
{
    const std::uint64_t operations = operations_of_the_script();
    for (std::uint64_t operation = 0; operation < operations; ++operation) {
        for (const bool adds_more : {false, true}) {
            SCOPED_TRACE(operation);
            PowerLossDisk disk;
            disk.inject(operation, Fault::power_off);
            Promises promises;
            Script script{disk, small_segments(), promises};
            script.run();
            script.die();
            check_next_process(disk, promises, adds_more);
            ASSERT_FALSE(testing::Test::HasFailure());
        }
    }
}

/// A sync fails and the process dies before it can say so: the cache shows octets that are nowhere
/// else, and no later sync would bring them out.
TEST(SpoolCrashMatrix, OctetsOfAFailedSyncAreNotBelievedFromTheCache)
{
    const std::uint64_t operations = operations_of_the_script();
    for (std::uint64_t operation = 0; operation < operations; ++operation) {
        for (const bool adds_more : {false, true}) {
            SCOPED_TRACE(operation);
            PowerLossDisk disk;
            disk.inject(operation, Fault::sync_error);
            disk.inject(operation + 1, Fault::power_off);
            Promises promises;
            Script script{disk, small_segments(), promises};
            script.run();
            script.die();
            check_next_process(disk, promises, adds_more);
            ASSERT_FALSE(testing::Test::HasFailure());
        }
    }
}

class SpoolFaultMatrix : public testing::TestWithParam<Fault> {};

/// One failure, then everything works again and the collector fetches anew: nothing twice, and at a
/// later power loss nothing gone.
TEST_P(SpoolFaultMatrix, OneFailureAtEveryOperationLosesAndDoublesNothing)
{
    const std::uint64_t operations = operations_of_the_script();
    for (std::uint64_t operation = 0; operation < operations; ++operation) {
        for (const PowerLoss& loss : {PowerLoss{}, PowerLoss{Torn::all_kept, 0, true}}) {
            SCOPED_TRACE(describe(operation, loss));
            PowerLossDisk disk;
            disk.inject(operation, GetParam());
            Promises promises;
            Script script{disk, small_segments(), promises};
            script.run();
            EXPECT_EQ(promises.committed.size(), receipts_in_all);
            script.die();
            disk.power_loss(loss);
            check_after_loss(disk, promises);
            ASSERT_FALSE(testing::Test::HasFailure());
        }
    }
}

INSTANTIATE_TEST_SUITE_P(EveryFault, SpoolFaultMatrix,
                         testing::Values(Fault::sync_error, Fault::sync_error_kept,
                                         Fault::write_error, Fault::disk_full));

/// Mending is interrupted as well, at every operation of its own.
TEST(SpoolCrashMatrix, PowerLossWhileMendingLosesNothing)
{
    const std::uint64_t operations = operations_of_the_script();
    for (std::uint64_t operation = 0; operation < operations; operation += 3) {
        for (std::uint64_t later = 0; later < 16; ++later) {
            const PowerLoss loss{Torn::prefix, 10 * later, later % 2 == 0};
            SCOPED_TRACE(describe(operation, loss));
            PowerLossDisk disk;
            disk.inject(operation, Fault::power_off);
            Promises promises;
            Script script{disk, small_segments(), promises};
            script.run();
            script.die();
            disk.power_loss(loss);
            disk.inject(disk.operations() + later, Fault::power_off);
            static_cast<void>(Spool::open(disk.mount(), small_segments()));
            disk.power_loss({Torn::holes, later % 2 * 16, later % 3 == 0});
            check_after_loss(disk, promises);
            ASSERT_FALSE(testing::Test::HasFailure());
        }
    }
}

} // namespace
} // namespace watchpost::spool
