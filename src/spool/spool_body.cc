#include "spool/spool_body.h"

#include <algorithm>

#include "base/assert.h"
#include "os/crash_point.h"
#include "spool/checkpoint.h"

namespace watchpost::spool {

using base::Result;
using os::CrashPoint;

std::uint64_t segment_bytes_max(const SpoolOptions& options) noexcept
{
    constexpr std::uint64_t part = 16;
    return options.bytes_max == 0 ? options.segment_bytes_max
                                  : std::min(options.segment_bytes_max, options.bytes_max / part);
}

namespace {

/// Large files that only `active` names go with it; that it is small itself is no reason.
bool is_worth_sealing(const Loaded& loaded, std::uint64_t active)
{
    return std::ranges::any_of(loaded.catalog.items(), [active](const auto& row) {
        const Item& item = row.second;
        return item.is_settled && item.place.segment == active &&
               item.place.where == Where::large_file;
    });
}

} // namespace

Result<void> Spool::Body::store_large_files(const PreparedBatch& batch)
{
    if (auto taken = room.take(batch.octets); !taken) {
        return taken;
    }
    if (batch.large.empty()) {
        return {};
    }
    for (IncomingMessage* const message : batch.large) {
        if (auto stored = message->store_file(); !stored) {
            return stored;
        }
    }
    os::crash_point(CrashPoint::spool_before_large_sync_folder);
    if (auto synced = folder->sync_folder(large_folder); !synced) {
        return synced;
    }
    for (IncomingMessage* const message : batch.large) {
        message->give_up_file();
    }
    return {};
}

Result<void> Spool::Body::write(PreparedBatch batch)
{
    Log::Lock lock{mutex};
    remove_refused_files(lock);
    auto position = log.append(lock, std::move(batch.records));
    auto durable = position ? log.wait_durable(lock, *position)
                            : Result<void>{base::fail(std::move(position.error()))};
    if (!durable) {
        for (const IncomingMessage* const message : batch.large) {
            refused_files.push_back(message->id());
        }
        return durable;
    }
    compact_when_due(lock);
    return {};
}

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
    const auto forget_before = options.clock() - options.expunged_memory_min;
    auto written = write_checkpoint(*folder, loaded, plan, {epoch, forget_before});
    if (!written) {
        return base::fail(std::move(written.error()));
    }
    loaded.covered = plan.covered;
    loaded.checkpoint_is_damaged = false;
    for (const SpoolId& id : written->forgotten) {
        loaded.catalog.erase(id);
    }
    if (!written->durable) { // the places stay, for the next attempt to give them back
        loaded.catalog.move_to_checkpoint(plan.covered, std::move(written->receipts));
        return base::fail(base::Error{written->durable.error()}.during("sync the checkpoint"));
    }
    for (const SpoolId& id : plan.without_place) {
        loaded.catalog.forget_place(id);
    }
    loaded.catalog.move_to_checkpoint(plan.covered, std::move(written->receipts));
    for (const std::uint64_t sequence : plan.removable) {
        loaded.segments.erase(sequence);
    }
    remove_files(*folder, plan);
    return {};
}

Result<void> Spool::Body::give_room_back(Log::Lock& lock)
{
    if (const auto active = log.active(); active != 0 && is_worth_sealing(loaded, active)) {
        if (auto sealed = log.seal(lock); !sealed) {
            return sealed;
        }
    }
    const auto plan = plan_compaction(loaded, log.last_sealed());
    if (plan.removable.empty() && plan.large.empty()) {
        return {};
    }
    auto compacted = compact(lock);
    compaction_error = compacted ? std::nullopt : std::optional{compacted.error()};
    return compacted;
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

} // namespace watchpost::spool
