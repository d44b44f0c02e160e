// One segment that is being written. Plain state; the rules are in log.cc. Guarded by the mutex of
// the spool, except that `file` is synced outside of it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "os/file_system.h"
#include "spool/format.h"
#include "spool/new_record.h"

namespace watchpost::spool {

struct Segment {
    /// What the catalog learns when the octets up to `end` are durable.
    struct Waiting {
        std::uint64_t end = 0;
        std::optional<std::pair<SpoolId, Item>> item;
        std::string mailbox; // of the item
        std::optional<StateRecord> state;
    };

    std::uint64_t sequence = 0;
    std::unique_ptr<os::File> file;
    std::uint64_t end = 0;              // where the next record goes
    std::uint64_t synced = 0;           // everything before survives a power loss
    std::uint64_t marked = 0;           // end of the last `durable` record
    bool is_syncing = false;            // a leader is at it
    bool is_closed = false;             // rubbish behind `end`, or a successor was begun
    std::optional<base::Error> failure; // of a sync: abandoned, counts only up to `synced`
    std::deque<Waiting> waiting;

    [[nodiscard]] bool takes_records() const noexcept { return !is_closed && !failure; }
};

/// Makes the file with its header and its name durable. On error nothing is left of it, as far as
/// that can be said.
[[nodiscard]] base::Result<std::shared_ptr<Segment>> create_segment(os::FileSystem& folder,
                                                                    const FileHeader& header);

} // namespace watchpost::spool
