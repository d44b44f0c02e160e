// The append-only log of a spool: segments, group commit, and what happens when a sync fails.
//
// Whoever needs durability appends under the lock and then waits; the first one that waits syncs
// for all that were appended before it, outside the lock. A failed sync is never retried: the
// segment is abandoned at the end of its last good sync. How far a segment counts stands in the
// header of the next one, durably before that is used; from the attempt to write it on, the old one
// takes nothing more. Guarded by the spool's mutex: every function wants it held.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/error.h"
#include "os/file_system.h"
#include "spool/load.h"
#include "spool/segment.h"

namespace watchpost::spool {

class Log {
public:
    using Lock = std::unique_lock<std::mutex>;

    struct Position {
        std::shared_ptr<Segment> segment;
        std::uint64_t end = 0;
    };

    /// `folder` and `loaded` outlive the log, which keeps the segments and the catalog of `loaded`
    /// in step. `epoch` is written into new segments.
    Log(os::FileSystem& folder, Loaded& loaded, std::uint64_t epoch,
        std::uint64_t segment_bytes_max)
        : folder_{folder}
        , loaded_{loaded}
        , epoch_{epoch}
        , segment_bytes_max_{segment_bytes_max}
    {
    }

    /// Goes on in a segment that was mended and synced.
    void resume(std::shared_ptr<Segment> segment) { active_ = std::move(segment); }

    /// Writes the records one after the other into one segment; on error none of them is there.
    /// Releases the lock while a full segment is synced.
    [[nodiscard]] base::Result<Position> append(Lock& lock, std::vector<NewRecord> records);

    [[nodiscard]] base::Result<void> wait_durable(Lock& lock, const Position& position);

    /// Appends a record that is to be durable with whatever comes next; kept in memory until then
    /// and written again where its segment is abandoned.
    [[nodiscard]] base::Result<void> note(Lock& lock, NewRecord record);
    [[nodiscard]] std::size_t pending_notes() const noexcept { return pending_.size(); }
    /// Makes the notes durable.
    [[nodiscard]] base::Result<void> flush(Lock& lock);

    /// Makes it durable that nothing stands behind what was acknowledged, be it by a new segment.
    [[nodiscard]] base::Result<void> seal_failures(Lock& lock);

    /// Makes the present segment durable and begins the next one, so that a checkpoint may cover
    /// it. Does nothing where somebody else appends meanwhile.
    [[nodiscard]] base::Result<void> seal(Lock& lock);

    /// At the end: says in the log that all of it is durable, so that the next open need not doubt
    /// it.
    void mark_durable();

    /// Records are appended to it; 0 where the next one begins a segment.
    [[nodiscard]] std::uint64_t active() const noexcept { return active_ ? active_->sequence : 0; }
    /// The highest segment that will not change any more; 0 where there is none.
    [[nodiscard]] std::uint64_t last_sealed() const noexcept;

private:
    struct Pending {
        Position position;
        NewRecord record;
    };

    [[nodiscard]] base::Result<void> make_room(Lock& lock, std::uint64_t octets);
    [[nodiscard]] base::Result<void> begin_segment();
    [[nodiscard]] base::Result<void> write(std::vector<NewRecord>& records);
    void sync(Lock& lock, const std::shared_ptr<Segment>& segment);
    void on_synced(Segment& segment, std::uint64_t target);
    void abandon(Segment& segment, base::Error failure);
    [[nodiscard]] std::vector<NewRecord> lost_notes();

    os::FileSystem& folder_;
    Loaded& loaded_;
    std::uint64_t epoch_;
    std::uint64_t segment_bytes_max_;
    std::shared_ptr<Segment> active_; // null: the next append begins one
    std::condition_variable synced_;
    std::vector<Pending> pending_; // notes that are not durable yet
};

} // namespace watchpost::spool
