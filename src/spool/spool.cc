#include "spool/spool.h"

#include <algorithm>
#include <mutex>

#include "base/assert.h"
#include "os/crash_point.h"
#include "spool/checkpoint.h"
#include "spool/incoming.h"
#include "spool/log.h"
#include "spool/recovery.h"

namespace watchpost::spool {

using base::ErrorCode;
using base::Result;
using base::Retry;
using os::CrashPoint;

/// Everything under one mutex; only syncs, and whatever concerns a single message, run outside.
class Spool::Body {
public:
    Body(std::unique_ptr<os::FileSystem> opened, std::unique_ptr<os::Lock> lock,
         Recovered recovered, const SpoolOptions& chosen)
        : folder{std::move(opened)}
        , lease{std::move(lock)}
        , options{chosen}
        , epoch{recovered.epoch}
        , notes{std::move(recovered.notes)}
        , loaded{std::move(recovered.loaded)}
        , log{*folder, loaded, epoch, options.segment_bytes_max}
    {
        log.resume(std::move(recovered.active));
    }

    [[nodiscard]] NewRecord to_record(Arrival& arrival) const;
    [[nodiscard]] Result<void> store_large_files(const std::vector<Arrival>& batch,
                                                 std::uint64_t record_octets);
    [[nodiscard]] Result<void> write(std::vector<NewRecord> records,
                                     const std::vector<SpoolId>& files);
    [[nodiscard]] Result<void> note(RecordKind kind, base::Bytes meta, Log::Lock& lock);
    [[nodiscard]] Result<void> compact(Log::Lock& lock);
    void compact_when_due(Log::Lock& lock);
    void remove_refused_files(Log::Lock& lock);

    // Destroyed last: everything else uses them.
    std::unique_ptr<os::FileSystem> folder;
    std::unique_ptr<os::Lock> lease;
    const SpoolOptions options;
    const std::uint64_t epoch;
    const std::vector<RecoveryNote> notes;

    mutable std::mutex mutex;
    Loaded loaded;
    Log log;
    std::vector<SpoolId> refused_files; // large ones whose records did not become durable
    std::uint64_t compaction_tried = 0; // the last sealed segment then
    std::optional<base::Error> compaction_error;
};

namespace {

/// The spool's own kind of Incoming: nobody else makes any.
IncomingMessage& to_message(const std::unique_ptr<Incoming>& content)
{
    auto* const message = dynamic_cast<IncomingMessage*>(content.get());
    WP_ASSERT(message != nullptr);
    return *message;
}

bool is_large(const Arrival& arrival)
{
    return arrival.content && to_message(arrival.content).is_large();
}

/// Takes the content away from a too large message, and refuses what cannot be stored.
Result<void> check_batch(std::vector<Arrival>& batch, std::uint64_t epoch)
{
    for (Arrival& arrival : batch) {
        if (auto checked = check(arrival.receipt); !checked) {
            return checked;
        }
        if (arrival.receipt.epoch != 0 && arrival.receipt.epoch != epoch) {
            return base::fail(ErrorCode::busy, Retry::later,
                              "the message was fetched under an earlier lease; fetch it again");
        }
        if (arrival.receipt.completeness == Completeness::too_large) {
            arrival.content.reset();
        } else if (!arrival.content) {
            return base::fail(ErrorCode::invalid_argument, Retry::never,
                              "a message without content that is not too large");
        } else if (const auto& failure = to_message(arrival.content).failure()) {
            return base::fail(base::Error{*failure});
        }
    }
    return {};
}

std::uint64_t octets_of(const std::vector<NewRecord>& records)
{
    std::uint64_t octets = 0;
    for (const NewRecord& record : records) {
        octets += record.header.record_bytes();
    }
    return octets;
}

template <typename Row>
std::vector<std::vector<Row>> split(const std::vector<Row>& rows)
{
    std::vector<std::vector<Row>> parts;
    for (std::size_t at = 0; at < rows.size(); at += ids_per_record) {
        const std::size_t end = std::min(rows.size(), at + ids_per_record);
        parts.emplace_back(rows.begin() + static_cast<std::ptrdiff_t>(at),
                           rows.begin() + static_cast<std::ptrdiff_t>(end));
    }
    return parts;
}

} // namespace

NewRecord Spool::Body::to_record(Arrival& arrival) const
{
    Item item;
    item.completeness = arrival.receipt.completeness;
    arrival.receipt.epoch = epoch;
    if (!arrival.content) {
        arrival.receipt.sha256 = {};
        const SpoolId id = SpoolId::make();
        auto record =
            make_record(RecordKind::too_large, encode(ReceiptRecord{id, arrival.receipt}));
        record.item = std::pair{id, item};
        return record;
    }
    IncomingMessage& message = to_message(arrival.content);
    arrival.receipt.sha256 = message.finish();
    arrival.receipt.octets = message.octets();
    base::Bytes meta = encode(ReceiptRecord{message.id(), arrival.receipt});
    item.place.where = message.is_large() ? Where::large_file : Where::segment;
    auto record = message.is_large()
                      ? make_record(RecordKind::large_message, std::move(meta))
                      : make_record(RecordKind::message, std::move(meta), message.buffered());
    record.item = std::pair{message.id(), item};
    return record;
}

/// Afterwards the files belong to the log; on error they go with their messages.
Result<void> Spool::Body::store_large_files(const std::vector<Arrival>& batch,
                                            std::uint64_t record_octets)
{
    if (auto room = check_free_space(*folder, record_octets, options.free_bytes_min); !room) {
        return room;
    }
    if (std::none_of(batch.begin(), batch.end(), is_large)) {
        return {};
    }
    for (const Arrival& arrival : batch) {
        if (is_large(arrival)) {
            if (auto stored = to_message(arrival.content).store_file(); !stored) {
                return stored;
            }
        }
    }
    os::crash_point(CrashPoint::spool_before_large_sync_folder);
    if (auto synced = folder->sync_folder(large_folder); !synced) {
        return synced;
    }
    for (const Arrival& arrival : batch) {
        if (is_large(arrival)) {
            to_message(arrival.content).give_up_file();
        }
    }
    return {};
}

Result<void> Spool::Body::write(std::vector<NewRecord> records, const std::vector<SpoolId>& files)
{
    Log::Lock lock{mutex};
    remove_refused_files(lock);
    auto position = log.append(lock, std::move(records));
    auto durable = position ? log.wait_durable(lock, *position)
                            : Result<void>{base::fail(std::move(position.error()))};
    if (!durable) {
        refused_files.insert(refused_files.end(), files.begin(), files.end());
        return durable;
    }
    compact_when_due(lock);
    return {};
}

/// Files of messages that were refused after their names were there. They may go once it is durable
/// that no record names them.
void Spool::Body::remove_refused_files(Log::Lock& lock)
{
    if (refused_files.empty() || !log.seal_failures(lock)) {
        return;
    }
    for (const SpoolId& id : refused_files) {
        static_cast<void>(folder->remove(large_name(id)));
    }
    refused_files.clear();
}

Result<void> Spool::Body::note(RecordKind kind, base::Bytes meta, Log::Lock& lock)
{
    if (auto noted = log.note(lock, make_record(kind, std::move(meta))); !noted) {
        return noted;
    }
    return log.pending_notes() > options.pending_notes_max ? log.flush(lock) : Result<void>{};
}

Result<void> Spool::Body::compact(Log::Lock& lock)
{
    WP_ASSERT(lock.owns_lock());
    const CompactionPlan plan = plan_compaction(loaded, log.last_sealed());
    const auto forget_before = base::now() - options.expunged_memory_min;
    auto forgotten = write_checkpoint(*folder, loaded, plan, {epoch, forget_before});
    if (!forgotten) {
        return base::fail(std::move(forgotten.error()));
    }
    loaded.covered = plan.covered;
    loaded.checkpoint_is_damaged = false;
    loaded.catalog.move_to_checkpoint(plan.covered);
    for (const SpoolId& id : plan.without_place) {
        loaded.catalog.forget_place(id);
    }
    for (const SpoolId& id : *forgotten) {
        loaded.catalog.erase(id);
    }
    for (const std::uint64_t sequence : plan.removable) {
        loaded.segments.erase(sequence);
    }
    remove_files(*folder, plan);
    return {};
}

void Spool::Body::compact_when_due(Log::Lock& lock)
{
    const std::uint64_t sealed = log.last_sealed();
    if (sealed < loaded.covered + options.checkpoint_segments || sealed == compaction_tried) {
        return;
    }
    compaction_tried = sealed; // once a segment, also where it fails
    auto compacted = compact(lock);
    compaction_error = compacted ? std::nullopt : std::optional{std::move(compacted.error())};
}

Spool::Spool(std::unique_ptr<Body> body) : body_{std::move(body)} {}

Spool::~Spool()
{
    Log::Lock lock{body_->mutex};
    static_cast<void>(body_->log.flush(lock)); // notes only: losing them loses no message
    body_->log.mark_durable();
}

Result<std::unique_ptr<Spool>> Spool::open(const std::filesystem::path& folder,
                                           const SpoolOptions& options)
{
    auto opened = os::open_folder(folder, os::Missing::is_created);
    if (!opened) {
        return base::fail(std::move(opened.error()).during("open the spool"));
    }
    return open(std::move(*opened), options);
}

Result<std::unique_ptr<Spool>> Spool::open(std::unique_ptr<os::FileSystem> folder,
                                           const SpoolOptions& options)
{
    auto lease = folder->lock(lock_name);
    if (!lease) {
        return base::fail(std::move(lease.error()).during("open the spool"));
    }
    auto recovered = recover(*folder, options.segment_bytes_max);
    if (!recovered) {
        return base::fail(std::move(recovered.error()).during("open the spool"));
    }
    return std::unique_ptr<Spool>{new Spool{std::make_unique<Body>(
        std::move(folder), std::move(*lease), std::move(*recovered), options)}};
}

std::uint64_t Spool::epoch() const noexcept
{
    return body_->epoch;
}

const std::vector<RecoveryNote>& Spool::recovery_notes() const noexcept
{
    return body_->notes;
}

Result<std::unique_ptr<Incoming>> Spool::begin(std::uint64_t announced_octets)
{
    {
        Log::Lock lock{body_->mutex};
        body_->remove_refused_files(lock); // they may take the room that this message needs
    }
    return std::make_unique<IncomingMessage>(*body_->folder, announced_octets,
                                             body_->options.free_bytes_min);
}

Result<std::vector<SpoolId>> Spool::commit(std::vector<Arrival> batch)
{
    if (auto checked = check_batch(batch, body_->epoch); !checked) {
        return base::fail(std::move(checked.error()).during("commit to the spool"));
    }
    if (batch.empty()) {
        return std::vector<SpoolId>{};
    }
    std::vector<SpoolId> ids;
    std::vector<SpoolId> files;
    std::vector<NewRecord> records;
    for (Arrival& arrival : batch) {
        records.push_back(body_->to_record(arrival));
        ids.push_back(records.back().item->first);
        if (is_large(arrival)) {
            files.push_back(ids.back());
        }
    }
    if (auto stored = body_->store_large_files(batch, octets_of(records)); !stored) {
        return base::fail(std::move(stored.error()).during("commit to the spool"));
    }
    if (auto written = body_->write(std::move(records), files); !written) {
        return base::fail(std::move(written.error()).during("commit to the spool"));
    }
    return ids;
}

Result<void> Spool::note(const std::vector<SourceChange>& changes)
{
    Log::Lock lock{body_->mutex};
    for (const auto& part : split(changes)) {
        if (auto noted = body_->note(RecordKind::source_changes, encode(part), lock); !noted) {
            return base::fail(std::move(noted.error()).during("note what became of messages"));
        }
        for (const SourceChange& change : part) {
            body_->loaded.catalog.change(change);
        }
    }
    return {};
}

Result<void> Spool::flush()
{
    Log::Lock lock{body_->mutex};
    if (auto flushed = body_->log.flush(lock); !flushed) {
        return base::fail(std::move(flushed.error()).during("flush the spool"));
    }
    return {};
}

Result<void> Spool::for_each_entry(const std::function<void(const LedgerEntry&)>& visit) const
{
    const Log::Lock lock{body_->mutex};
    const auto visit_item = [&](const SpoolId& id, const Receipt& receipt, const Item& item) {
        if (!item.is_damaged) {
            visit({id, receipt, item.source});
        }
    };
    return for_each_item(*body_->folder, body_->loaded, no_offset, visit_item);
}

std::optional<std::string> Spool::get(std::string_view name) const
{
    const Log::Lock lock{body_->mutex};
    const auto& states = body_->loaded.catalog.states();
    const auto found = states.find(name);
    return found == states.end() ? std::nullopt : std::optional{found->second};
}

Result<void> Spool::put(std::string_view name, std::string_view value)
{
    if (name.empty()) {
        return base::fail(ErrorCode::invalid_argument, Retry::never, "a state needs a name");
    }
    if (name.size() > name_bytes_max || value.size() > value_bytes_max) {
        return base::fail(ErrorCode::limit_exceeded, Retry::never,
                          "a state's name has at most 512 octets, its value 4096");
    }
    Log::Lock lock{body_->mutex};
    const auto& states = body_->loaded.catalog.states();
    if (!value.empty() && states.size() >= names_max && !states.contains(name)) {
        return base::fail(ErrorCode::limit_exceeded, Retry::never, "the spool holds 100000 states");
    }
    const StateRecord state{std::string{name}, std::string{value}};
    std::vector<NewRecord> records{make_record(RecordKind::state, encode(state))};
    records.front().state = state;
    auto position = body_->log.append(lock, std::move(records));
    if (!position) {
        return base::fail(std::move(position.error()).during("store a state"));
    }
    return body_->log.wait_durable(lock, std::move(*position));
}

Result<void> Spool::settle(const std::vector<SpoolId>& ids)
{
    Log::Lock lock{body_->mutex};
    for (const auto& part : split(ids)) {
        if (auto noted = body_->note(RecordKind::settled, encode(part), lock); !noted) {
            return base::fail(std::move(noted.error()).during("settle messages"));
        }
        for (const SpoolId& id : part) {
            body_->loaded.catalog.settle(id);
        }
    }
    return {};
}

Result<void> Spool::compact()
{
    Log::Lock lock{body_->mutex};
    return body_->compact(lock);
}

std::optional<base::Error> Spool::compaction_error() const
{
    const Log::Lock lock{body_->mutex};
    return body_->compaction_error;
}

} // namespace watchpost::spool
