// Makes a spool fit for writing: creates it, raises its epoch, and mends what a crash left behind.
#pragma once

#include <memory>
#include <vector>

#include "base/error.h"
#include "os/file_system.h"
#include "spool/load.h"
#include "spool/segment.h"
#include "spool/spool.h"

namespace watchpost::spool {

struct Recovered {
    Loaded loaded;
    std::uint64_t epoch = 0;         // of this opening
    std::shared_ptr<Segment> active; // to be gone on with; null: the next record begins one
    std::vector<RecoveryNote> notes;
};

/// The lock is held. Afterwards everything that the catalog holds is durable.
[[nodiscard]] base::Result<Recovered> recover(os::FileSystem& folder,
                                              std::uint64_t segment_bytes_max);

} // namespace watchpost::spool
