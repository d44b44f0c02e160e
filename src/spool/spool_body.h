// The inside of a Spool.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "spool/batch.h"
#include "spool/log.h"
#include "spool/recovery.h"
#include "spool/room.h"
#include "spool/spool.h"

namespace watchpost::spool {

/// Small enough for what cannot be removed yet to be a small part of the limit.
[[nodiscard]] std::uint64_t segment_bytes_max(const SpoolOptions& options) noexcept;

/// Everything under one mutex; only syncs, and whatever concerns a single message, run outside.
class Spool::Body {
public:
    Body(std::unique_ptr<os::FileSystem> opened, std::unique_ptr<os::Lock> lock,
         Recovered recovered, const SpoolOptions& chosen)
        : folder{std::move(opened)}
        , lease{std::move(lock)}
        , options{chosen}
        , room{*folder, {.bytes_max = chosen.bytes_max, .free_bytes_min = chosen.free_bytes_min}}
        , epoch{recovered.epoch}
        , notes{std::move(recovered.notes)}
        , loaded{std::move(recovered.loaded)}
        , log{*folder, loaded, epoch, segment_bytes_max(options)}
    {
        log.resume(std::move(recovered.active));
    }

    /// Afterwards the files belong to the log; on error they go with their messages.
    [[nodiscard]] base::Result<void> store_large_files(const PreparedBatch& batch);
    [[nodiscard]] base::Result<void> write(PreparedBatch batch);
    [[nodiscard]] base::Result<void> note(RecordKind kind, base::Bytes meta, Log::Lock& lock);
    [[nodiscard]] base::Result<void> compact(Log::Lock& lock);
    void compact_when_due(Log::Lock& lock);
    /// Compacts where that removes files, be it that the present segment is sealed first: what is
    /// large may be named there alone, and while nothing is collected it never fills.
    [[nodiscard]] base::Result<void> give_room_back(Log::Lock& lock);

    /// Files of messages that were refused after their names were there. They may go once it is
    /// durable that no record names them.
    void remove_refused_files(Log::Lock& lock);

    // Destroyed last: everything else uses them.
    std::unique_ptr<os::FileSystem> folder;
    std::unique_ptr<os::Lock> lease;
    const SpoolOptions options;
    Room room;
    const std::uint64_t epoch;
    const std::vector<RecoveryNote> notes;

    mutable std::mutex mutex;
    Loaded loaded;
    Log log;
    std::vector<SpoolId> refused_files; // large ones whose records did not become durable
    std::uint64_t compaction_tried = 0; // the last sealed segment then
    std::optional<base::Error> compaction_error;
};

} // namespace watchpost::spool
