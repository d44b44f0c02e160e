// The spool of one node: messages and their ledger in append-only segments, durable before they are
// acknowledged. The first implementation of Intake.
//
// One process has it open for writing (a folder lock, which is the lease on one node); SpoolReader
// looks at it from any process without a lock. The format is in docs/spool-format.md, the reasons
// in docs/adr/0004-spool.md. Thread-safe; several sessions' commits share one fdatasync.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "os/file_system.h"
#include "spool/intake.h"
#include "spool/ledger_entry.h"
#include "spool/state_store.h"

namespace watchpost::spool {

/// The limits of a spool, all of them.
struct SpoolOptions {
    std::uint64_t segment_bytes_max = std::uint64_t{64} * 1024 * 1024; // and a part of bytes_max
    std::uint64_t bytes_max = 0; // of all its files together; 0: no limit but the disk
    std::uint64_t free_bytes_min = std::uint64_t{64} * 1024 * 1024; // the reserve: below it commits
                                                                    // say disk_full
    std::size_t checkpoint_segments = 8;    // full segments after which their ledger is compacted
    std::size_t pending_notes_max = 10'000; // notes not yet durable; then note() makes them so
    std::chrono::hours expunged_memory_min{24 * 30};  // a settled message is remembered at least so
                                                      // long after it was last noted as expunged
    std::function<base::Instant()> clock = base::now; // for that
};

/// What opening found, in words for the log: "segment 3: cut off 117 octets of an unfinished
/// write".
struct RecoveryNote {
    enum class Kind : std::uint8_t { mended, damaged };
    Kind kind = Kind::mended;
    std::string text;
};

class Spool final : public Intake, public LedgerSource, public StateStore {
public:
    /// Makes the folder where it is not there, takes the lock (busy: names the holder), raises the
    /// epoch, and mends what a crash left behind. An Incoming must not outlive its spool.
    [[nodiscard]] static base::Result<std::unique_ptr<Spool>>
    open(const std::filesystem::path& folder, const SpoolOptions& options = {});
    [[nodiscard]] static base::Result<std::unique_ptr<Spool>>
    open(std::unique_ptr<os::FileSystem> folder, const SpoolOptions& options = {});

    ~Spool() override; // flushes, as far as that works
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    /// Rises with every open: the fencing token of the lease. An Arrival whose receipt names
    /// another epoch than 0 or this one is refused (busy).
    [[nodiscard]] std::uint64_t epoch() const noexcept;

    [[nodiscard]] const std::vector<RecoveryNote>& recovery_notes() const noexcept;

    [[nodiscard]] base::Result<std::unique_ptr<Incoming>>
    begin(std::uint64_t announced_octets) override;
    [[nodiscard]] base::Result<std::vector<SpoolId>> commit(std::vector<Arrival> batch) override;
    [[nodiscard]] base::Result<void> note(const std::vector<SourceChange>& changes) override;
    [[nodiscard]] base::Result<void> flush() override;
    [[nodiscard]] std::uint64_t message_bytes_max() const noexcept override;

    /// `visit` must not call the spool.
    [[nodiscard]] base::Result<void>
    for_each_entry(const std::function<void(const LedgerEntry&)>& visit) const override;
    [[nodiscard]] base::Result<void>
    for_each_entry_of(std::string_view mailbox,
                      const std::function<void(const LedgerEntry&)>& visit) const override;
    [[nodiscard]] std::size_t count_of(std::string_view mailbox) const override;

    /// That have something in the ledger.
    [[nodiscard]] std::size_t mailboxes() const;

    [[nodiscard]] std::optional<std::string> get(std::string_view name) const override;
    [[nodiscard]] base::Result<void> put(std::string_view name, std::string_view value) override;
    [[nodiscard]] base::Result<void>
    forget_if(const std::function<bool(std::string_view name)>& is_over) override;

    /// The verdict is stored and kept content copied: the spool may drop the content. Durable as a
    /// note is; an id that is not here is ignored, so that it may be said twice.
    [[nodiscard]] base::Result<void> settle(const std::vector<SpoolId>& ids);

    /// Whether to collect at all: disk_full from the first message that had no room on until there
    /// is room to spare, for which what nobody needs is removed. RoomLimits says what that is.
    [[nodiscard]] base::Result<void> look_for_room();

    /// Removes the files of which everything is settled, without waiting for a segment to fill.
    [[nodiscard]] base::Result<void> give_room_back();

    /// What is not settled yet, oldest first.
    [[nodiscard]] std::vector<SpoolId> unsettled() const;

    /// Compacts the ledger of all full segments into the checkpoint and removes what nobody needs.
    /// Runs by itself every SpoolOptions::checkpoint_segments.
    [[nodiscard]] base::Result<void> compact();

    /// Why the last compaction that ran by itself did not work; the next one tries again. Nothing
    /// is lost by it: the spool only grows.
    [[nodiscard]] std::optional<base::Error> compaction_error() const;

private:
    class Body;
    explicit Spool(std::unique_ptr<Body> body);

    std::unique_ptr<Body> body_;
};

} // namespace watchpost::spool
