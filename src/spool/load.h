// Reads a spool from disk into memory and says what is wrong with it. Changes nothing: mending is
// the part of recovery.h, and SpoolReader uses the same code beside a running collector.
//
// Damage is told apart from unfinished writes: what stands before the last `durable` record was
// synced once, so a fault there is damage; what stands after it may never have been acknowledged.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "os/file_system.h"
#include "spool/catalog.h"
#include "spool/damage.h"
#include "spool/scanner.h"

namespace watchpost::spool {

struct SegmentFacts {
    std::uint64_t end = 0; // of what counts: of the file, or where it was cut
    std::uint64_t file_bytes = 0;
    bool has_header = false;
    bool has_damage = false; // such a segment is never removed, nor written to

    /// Its making was interrupted: there is nothing in it.
    [[nodiscard]] bool was_never_used() const noexcept
    {
        return !has_header && !has_damage && file_bytes <= file_header_bytes;
    }
};

/// The last segment after a crash: what may be there without having been synced.
struct Tail {
    std::uint64_t sequence = 0;      // 0: there is no segment
    std::uint64_t durable_until = 0; // everything before was synced
    std::vector<Gap> unfinished;     // torn writes, in order, not touching each other
    bool is_unreadable = false;      // the disk does not give all of it: nobody may call that torn
};

struct Loaded {
    bool is_new = false; // nothing there yet
    std::uint64_t mark = 0;
    std::uint64_t epoch = 0;   // the highest that any file names
    std::uint64_t covered = 0; // segments up to there are in the checkpoint
    bool checkpoint_is_damaged = false;
    Catalog catalog;
    std::map<std::uint64_t, SegmentFacts> segments;
    Tail tail;
    std::vector<DamagedRange> damage;
    std::vector<std::string> leftovers; // files that nothing refers to

    void add_damage(std::string file, std::uint64_t offset, std::uint64_t octets, std::string what)
    {
        damage.push_back({std::move(file), offset, octets, std::move(what)});
    }
};

[[nodiscard]] base::Result<Loaded> load(os::FileSystem& folder, Verify verify);

using ItemVisitor = std::function<void(const SpoolId&, const Receipt&, const Item&)>;

/// Visits every item once with its receipt, those of the checkpoint first, then by segment, up to
/// segment `last`. Reads the receipts from disk; the rest is as the catalog says.
[[nodiscard]] base::Result<void> for_each_item(os::FileSystem& folder, const Loaded& loaded,
                                               std::uint64_t last, const ItemVisitor& visit);

/// The same for one mailbox; reads little else.
[[nodiscard]] base::Result<void> for_each_item_of(os::FileSystem& folder, const Loaded& loaded,
                                                  std::string_view mailbox, std::uint64_t last,
                                                  const ItemVisitor& visit);

} // namespace watchpost::spool
