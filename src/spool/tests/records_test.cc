#include "spool/records.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace watchpost::spool {
namespace {

SpoolId any_id()
{
    base::Ulid::Octets octets{};
    for (auto& octet : octets) {
        octet = *rc::gen::arbitrary<std::uint8_t>();
    }
    return SpoolId{base::Ulid{octets}};
}

std::string any_text(std::size_t least, std::size_t most)
{
    const auto size = *rc::gen::inRange<std::size_t>(least, most + 1);
    return *rc::gen::container<std::string>(size, rc::gen::arbitrary<char>());
}

Receipt any_receipt()
{
    Receipt receipt;
    receipt.key.mailbox = any_text(1, mailbox_bytes_max);
    receipt.key.generation = *rc::gen::inRange<std::uint32_t>(1, UINT32_MAX);
    receipt.uid = any_text(0, uid_bytes_max);
    for (auto& octet : receipt.sha256) {
        octet = *rc::gen::arbitrary<std::uint8_t>();
    }
    receipt.octets = *rc::gen::arbitrary<std::uint64_t>();
    receipt.announced_octets = *rc::gen::arbitrary<std::uint64_t>();
    receipt.epoch = *rc::gen::arbitrary<std::uint64_t>();
    receipt.completeness = *rc::gen::element(Completeness::whole, Completeness::short_of_announced,
                                             Completeness::too_large);
    receipt.received_at =
        base::Instant{std::chrono::microseconds{*rc::gen::arbitrary<std::int64_t>()}};
    if (*rc::gen::arbitrary<bool>()) {
        receipt.fetch_again = *rc::gen::inRange<std::uint32_t>(1, UINT32_MAX);
        receipt.copy_of = any_id();
    }
    return receipt;
}

bool is_same(const Receipt& a, const Receipt& b)
{
    return a.key == b.key && a.uid == b.uid && a.sha256 == b.sha256 && a.octets == b.octets &&
           a.announced_octets == b.announced_octets && a.epoch == b.epoch &&
           a.completeness == b.completeness && a.received_at == b.received_at &&
           a.fetch_again == b.fetch_again && a.copy_of == b.copy_of;
}

TEST(SpoolRecords, EveryReceiptIsReadBack)
{
    EXPECT_TRUE(rc::check([] {
        const ReceiptRecord record{any_id(), any_receipt()};
        const auto read = parse_receipt(encode(record));
        RC_ASSERT(read.has_value());
        RC_ASSERT(read->id == record.id);
        RC_ASSERT(is_same(read->receipt, record.receipt));
    }));
}

TEST(SpoolRecords, EveryLedgerRecordIsReadBack)
{
    EXPECT_TRUE(rc::check([] {
        LedgerRecord record;
        record.entry = {any_id(), any_receipt(),
                        *rc::gen::element(SourceState::kept, SourceState::delete_pending,
                                          SourceState::expunged)};
        record.place = {*rc::gen::element(Where::nowhere, Where::segment, Where::large_file),
                        *rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>()};
        record.is_settled = *rc::gen::arbitrary<bool>();
        if (record.entry.state == SourceState::expunged) {
            record.expunged_day = *rc::gen::arbitrary<Day>(); // 0: as older versions wrote it
        }
        const auto read = parse_ledger(encode(record));
        RC_ASSERT(read.has_value());
        RC_ASSERT(read->entry.id == record.entry.id);
        RC_ASSERT(is_same(read->entry.receipt, record.entry.receipt));
        RC_ASSERT(read->entry.state == record.entry.state);
        RC_ASSERT(read->place == record.place);
        RC_ASSERT(read->is_settled == record.is_settled);
        RC_ASSERT(read->expunged_day == record.expunged_day);
    }));
}

TEST(SpoolRecords, EveryStateAndEveryListIsReadBack)
{
    EXPECT_TRUE(rc::check([] {
        const StateRecord state{any_text(1, 512), any_text(0, 4096)};
        const auto read = parse_state(encode(state));
        RC_ASSERT(read && read->name == state.name && read->value == state.value);
        std::vector<SpoolId> ids;
        std::vector<SourceChange> changes;
        const auto count = *rc::gen::inRange(0, 20);
        for (int i = 0; i < count; ++i) {
            ids.push_back(any_id());
            changes.push_back({ids.back(), SourceState::expunged});
        }
        RC_ASSERT(parse_ids(encode(ids)) == ids);
        const auto read_changes = parse_changes(encode(changes));
        RC_ASSERT(read_changes && read_changes->size() == changes.size());
    }));
}

/// Stops cleanly at every offset: a shorter or longer record says nothing at all.
TEST(SpoolRecords, RecordOfAnotherLengthIsRefused)
{
    Receipt receipt;
    receipt.key.mailbox = "alice";
    receipt.uid = "uid";
    const base::Bytes whole = encode(ReceiptRecord{SpoolId::make(), receipt});
    const base::Bytes ledger = encode(LedgerRecord{{SpoolId::make(), receipt}, {}, false});
    const base::Bytes state = encode(StateRecord{"name", "value"});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(parse_receipt(base::ByteView{whole}.first(size))) << size;
    }
    for (std::size_t size = 0; size < ledger.size(); ++size) {
        EXPECT_FALSE(parse_ledger(base::ByteView{ledger}.first(size))) << size;
    }
    for (std::size_t size = 0; size < state.size(); ++size) {
        EXPECT_FALSE(parse_state(base::ByteView{state}.first(size))) << size;
    }
    base::Bytes longer = whole;
    longer.push_back(std::byte{0});
    EXPECT_FALSE(parse_receipt(longer));
}

TEST(SpoolRecords, WhatNamesARequestNamesItInFull)
{
    Receipt receipt;
    receipt.key.mailbox = "alice";
    const base::Bytes without = encode(ReceiptRecord{SpoolId::make(), receipt});
    receipt.fetch_again = 7;
    receipt.copy_of = SpoolId::make();
    const base::Bytes whole = encode(ReceiptRecord{SpoolId::make(), receipt});
    for (std::size_t size = without.size() + 1; size < whole.size(); ++size) {
        EXPECT_FALSE(parse_receipt(base::ByteView{whole}.first(size))) << size;
    }
    base::Bytes none = without; // request number 0 is never written
    none.resize(whole.size());
    EXPECT_FALSE(parse_receipt(none));
}

TEST(SpoolRecords, ListsOverTheLimitAreRefused)
{
    const std::vector<SpoolId> most(ids_per_record, SpoolId::make());
    EXPECT_TRUE(parse_ids(encode(most)));
    const std::vector<SpoolId> more(ids_per_record + 1, SpoolId::make());
    EXPECT_FALSE(parse_ids(encode(more)));
    const std::vector<SourceChange> changes(ids_per_record + 1);
    EXPECT_FALSE(parse_changes(encode(changes)));
}

/// The one octet that differs between two encodings, set to that value.
base::Bytes with_value(base::Bytes one, const base::Bytes& other, std::byte value)
{
    for (std::size_t i = 0; i < one.size(); ++i) {
        one[i] = one[i] == other[i] ? one[i] : value;
    }
    return one;
}

TEST(SpoolRecords, ValuesThatDoNotExistAreRefused)
{
    const SpoolId id = SpoolId::make();
    const base::Bytes kept = encode(std::vector<SourceChange>{{id, SourceState::kept}});
    const base::Bytes gone = encode(std::vector<SourceChange>{{id, SourceState::expunged}});
    EXPECT_TRUE(parse_changes(gone));
    EXPECT_FALSE(parse_changes(with_value(kept, gone, std::byte{3})));
    Receipt receipt;
    receipt.key.mailbox = "alice";
    const base::Bytes whole = encode(ReceiptRecord{id, receipt});
    receipt.completeness = Completeness::another_uid;
    const base::Bytes seen = encode(ReceiptRecord{id, receipt});
    EXPECT_TRUE(parse_receipt(seen));
    EXPECT_FALSE(parse_receipt(with_value(whole, seen, std::byte{6})));
    receipt.key.generation = 0;
    EXPECT_FALSE(parse_receipt(encode(ReceiptRecord{id, receipt})));
    EXPECT_FALSE(parse_state(encode(StateRecord{"", "value"})));
}

} // namespace
} // namespace watchpost::spool
