#include "spool/batch.h"

#include "base/assert.h"

namespace watchpost::spool {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

/// The spool's own kind of Incoming: nobody else makes any.
IncomingMessage& to_message(const std::unique_ptr<Incoming>& content)
{
    auto* const message = dynamic_cast<IncomingMessage*>(content.get());
    WP_ASSERT(message != nullptr);
    return *message;
}

Result<void> check(const Arrival& arrival, std::uint64_t epoch)
{
    if (auto checked = check(arrival.receipt); !checked) {
        return checked;
    }
    if (arrival.receipt.epoch != 0 && arrival.receipt.epoch != epoch) {
        return base::fail(ErrorCode::busy, Retry::later,
                          "the message was fetched under an earlier lease; fetch it again");
    }
    if (!has_content(arrival.receipt.completeness)) {
        return {};
    }
    if (!arrival.content) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "a message without content that is to have some");
    }
    if (const auto& failure = to_message(arrival.content).failure()) {
        return base::fail(base::Error{*failure});
    }
    return {};
}

NewRecord with_item(NewRecord record, const SpoolId& id, Where where, Completeness completeness)
{
    Item item;
    item.completeness = completeness;
    item.is_settled = is_settled_from_start(completeness);
    item.place.where = where;
    record.item = std::pair{id, item};
    return record;
}

NewRecord to_record(const Receipt& receipt)
{
    const SpoolId id = SpoolId::make();
    return with_item(make_record(RecordKind::too_large, encode(ReceiptRecord{id, receipt})), id,
                     Where::nowhere, receipt.completeness);
}

NewRecord to_record(const Receipt& receipt, const IncomingMessage& message)
{
    base::Bytes meta = encode(ReceiptRecord{message.id(), receipt});
    return message.is_large()
               ? with_item(make_record(RecordKind::large_message, std::move(meta)), message.id(),
                           Where::large_file, receipt.completeness)
               : with_item(make_record(RecordKind::message, std::move(meta), message.buffered()),
                           message.id(), Where::segment, receipt.completeness);
}

Result<NewRecord> finish(Arrival& arrival, std::uint64_t epoch,
                         std::vector<IncomingMessage*>& large)
{
    arrival.receipt.epoch = epoch;
    if (!has_content(arrival.receipt.completeness)) {
        arrival.content.reset();
        if (!is_another_uid(arrival.receipt.completeness)) {
            arrival.receipt.sha256 = {}; // of nothing; octets: what was read before it was given up
        }
        return to_record(arrival.receipt);
    }
    IncomingMessage& message = to_message(arrival.content);
    const auto sha256 = message.finish();
    if (!sha256) {
        return base::fail(sha256.error());
    }
    arrival.receipt.sha256 = *sha256;
    arrival.receipt.octets = message.octets();
    if (message.is_large()) {
        large.push_back(&message);
    }
    return to_record(arrival.receipt, message);
}

} // namespace

Result<PreparedBatch> prepare(std::vector<Arrival>& batch, std::uint64_t epoch)
{
    for (const Arrival& arrival : batch) {
        if (auto checked = check(arrival, epoch); !checked) {
            return base::fail(std::move(checked.error()));
        }
    }
    PreparedBatch prepared;
    for (Arrival& arrival : batch) {
        auto record = finish(arrival, epoch, prepared.large);
        if (!record) {
            return base::fail(std::move(record.error()));
        }
        prepared.records.push_back(*std::move(record));
        prepared.records.back().mailbox = arrival.receipt.key.mailbox;
        prepared.ids.push_back(prepared.records.back().item->first);
        prepared.octets += prepared.records.back().header.record_bytes();
    }
    return prepared;
}

} // namespace watchpost::spool
