// Writes the ledger of all full segments into one file, so that opening stays fast and segments can
// go once nobody needs their content.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "os/file_system.h"
#include "spool/load.h"

namespace watchpost::spool {

/// What a checkpoint is going to change, decided before it is written.
struct CompactionPlan {
    std::uint64_t covered = 0;            // segments up to there
    std::vector<std::uint64_t> removable; // segments of which nothing is needed any more
    std::vector<SpoolId> without_place;   // items whose content goes
    std::vector<SpoolId> large;           // ... those of them with a file
};

[[nodiscard]] CompactionPlan plan_compaction(const Loaded& loaded, std::uint64_t covered);

/// Items that are settled and were last noted as expunged before that day are left out: nobody asks
/// for them again.
struct CheckpointOptions {
    std::uint64_t epoch = 0;
    base::Instant forget_before{};
};

struct Checkpoint {
    std::vector<SpoolId> forgotten; // ids that were left out
    ReceiptIndex receipts;          // where they are in it
    base::Result<void> durable;     // an error: it counts, but a power failure may bring the old
                                    // one back: nothing that it needs may go
};

/// Writes it beside the old one, syncs, and puts it in its place. On error the old one still
/// counts.
[[nodiscard]] base::Result<Checkpoint> write_checkpoint(os::FileSystem& folder,
                                                        const Loaded& loaded,
                                                        const CompactionPlan& plan,
                                                        const CheckpointOptions& options);

/// Removes segments and large files; what cannot be removed is removed at the next open.
void remove_files(os::FileSystem& folder, const CompactionPlan& plan);

} // namespace watchpost::spool
