// Named places in the product at which a test can end the process as `kill -9` would.
//
// Compiled in always, so that what is tested is what is shipped; does nothing unless the
// environment variable WATCHPOST_CRASH_POINT names the point: "spool.before_sync", or
// "spool.before_sync:3" for the third time it is passed. Every point has a row in the table of
// crash_point.cc, and the crash matrix goes through that table. Thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace watchpost::os {

enum class CrashPoint : std::uint8_t {
    spool_before_append,            // the batch is built, nothing of it is in the segment
    spool_in_append,                // all of the batch but its first header is in the segment
    spool_before_sync,              // everything is written, nothing is synced
    spool_after_sync,               // durable, the caller does not know it yet
    spool_before_large_sync,        // a large message is written to its .part file
    spool_before_large_move,        // ... and synced
    spool_before_large_sync_folder, // ... and has its final name
    spool_before_new_segment,       // the old segment is full and synced
    spool_in_new_segment,           // the new one is created, its header not synced
    spool_before_checkpoint_move,   // the new checkpoint is written and synced
    spool_after_checkpoint_move,    // ... and has its final name
    spool_before_segment_removal,   // a segment that nobody needs is about to go
    spool_before_state,             // a named fact is to be stored (StateStore::put)
    spool_after_state,              // ... and durable, who stored it does not know yet
    spool_before_flush,             // notes are written, not all of them are synced
    spool_after_settle,             // "settled" is written, not synced
    spool_before_identity_move,     // a new spool's identity is written and synced
    spool_before_mend,              // opened: what was not synced last time is still as it was
    spool_in_mend,                  // ... and is mended, not synced
    collector_before_folder_data,   // the mailbox's own data was retrieved, that is not yet noted
    collector_before_commit,        // messages were retrieved, none of them is given to the spool
    collector_after_commit,         // they are ours, the session does not know it yet
    collector_in_first_poll,        // messages of before are recorded, maybe not all of them
    collector_after_maildrop,       // another maildrop has begun, the Apply that said so not noted
    collector_before_delete,        // "delete pending" is written, not synced; DELE not sent
    collector_before_quit,          // DELE was sent and accepted
    collector_after_quit,           // QUIT was answered, "expunged" not yet noted
    pipeline_before_keep,           // a message is inspected, its content is to be kept
    pipeline_after_keep,            // its content is kept and durable
    pipeline_before_record,         // it is to be recorded
    pipeline_after_record,          // it is recorded, not yet settled
    control_after_record,           // the store has it, nobody has been told
};

struct CrashPointRow {
    CrashPoint point;
    std::string_view name; // "spool.before_sync": what the environment variable says
};

/// Every point of the product, for tests that go through all of them.
[[nodiscard]] std::span<const CrashPointRow> crash_points() noexcept;

/// Raises SIGKILL when the environment asks for it here; a name that is not in the table ends the
/// process with a message, since a test with a misspelt point would prove nothing.
void crash_point(CrashPoint point) noexcept;

} // namespace watchpost::os
