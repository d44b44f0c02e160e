// The steps of load(), a file each. Every one adds what it finds to a Loaded.
#pragma once

#include "base/error.h"
#include "os/file_system.h"
#include "spool/load.h"
#include "spool/spool_file.h"

namespace watchpost::spool {

/// The checkpoint's ledger and states. Where it is damaged, `covered` stays 0, so that all segments
/// are read.
[[nodiscard]] base::Result<void> load_checkpoint(const SpoolFile& checkpoint, Loaded& loaded);

/// As a checkpoint has it.
[[nodiscard]] Item to_item(const LedgerRecord& record);

/// Replays one segment; one that the checkpoint covers is only looked at for damage.
[[nodiscard]] base::Result<void> load_segment(const SpoolFile& segment, std::uint64_t sequence,
                                              Verify verify, Loaded& loaded);

/// Missing files, files that nothing refers to, and with Verify::content the hash of each.
[[nodiscard]] base::Result<void> load_large_files(os::FileSystem& folder, Verify verify,
                                                  Loaded& loaded);

} // namespace watchpost::spool
