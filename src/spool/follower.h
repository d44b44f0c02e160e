// Follows a spool that a collector writes to: which messages are not settled yet, oldest first, and
// what is in them.
//
// Takes no lock and changes nothing. Reads only what was added since the last look, and remembers
// only what waits: about 150 octets a message. What it hands out is durable, whatever the collector
// has synced so far: a message that a power loss takes away would be collected, and told, twice.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/file_system.h"
#include "spool/byte_sink.h"
#include "spool/damage.h"
#include "spool/intake.h"
#include "spool/reader.h"
#include "spool/records.h"

namespace watchpost::spool {

class SpoolFollower {
public:
    using OpenFolder = std::function<base::Result<std::unique_ptr<os::FileSystem>>()>;

    explicit SpoolFollower(OpenFolder open_folder) : open_folder_{std::move(open_folder)} {}
    explicit SpoolFollower(const std::filesystem::path& folder);

    /// Takes in what was added. A spool that is not there yet is empty, a record that is not whole
    /// yet is looked at the next time. After an error nothing of the segment at hand is taken in.
    [[nodiscard]] base::Result<void> refresh();

    /// Up to `limit` that were not taken yet, in the order in which they came.
    [[nodiscard]] std::vector<SpoolId> take(std::size_t limit);

    /// It is recorded: nobody need look at it any more.
    void drop(const SpoolId& id) { waiting_.erase(id); }

    /// Still neither settled nor dropped?
    [[nodiscard]] bool is_waiting(const SpoolId& id) const { return waiting_.contains(id); }
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }
    [[nodiscard]] std::optional<SpoolId> oldest() const;

    /// The receipt of what waits, read from disk. not_found: it does not wait. damaged: nobody
    /// knows its receipt any more.
    [[nodiscard]] base::Result<SpoolItem> look_at(const SpoolId& id) const;

    /// As SpoolReader::read.
    [[nodiscard]] base::Result<void> read(const SpoolItem& item, const ByteSink& sink) const;

    /// The name in the spool's folder of the file that holds the message and nothing else.
    [[nodiscard]] std::optional<std::string> own_file(const SpoolId& id) const;

    [[nodiscard]] const std::vector<DamagedRange>& damage() const noexcept { return damage_; }

private:
    struct Waiting {
        Placement place;
        Completeness completeness = Completeness::whole;
        bool is_damaged = false;
    };
    struct Additions {
        std::vector<std::pair<SpoolId, Waiting>> messages;
        std::vector<SpoolId> settled;
        std::vector<DamagedRange> damage;
    };
    struct SegmentLook;

    [[nodiscard]] base::Result<bool> begin();
    [[nodiscard]] base::Result<void> learn_mark();
    [[nodiscard]] base::Result<void> read_checkpoint();
    [[nodiscard]] base::Result<std::vector<std::uint64_t>> list_segments();
    [[nodiscard]] base::Result<void> read_segment(std::uint64_t sequence, std::uint64_t end,
                                                  bool is_last);
    [[nodiscard]] base::Result<void> scan_segment(SegmentLook& look) const;
    void take_in(Additions additions);
    [[nodiscard]] base::Result<Receipt> receipt_from_checkpoint(const SpoolId& id) const;

    OpenFolder open_folder_;
    std::unique_ptr<os::FileSystem> folder_;
    std::optional<std::uint64_t> mark_;
    bool has_begun_ = false;
    std::uint64_t covered_ = 0;  // by the checkpoint as it was at the start
    std::uint64_t sequence_ = 0; // the segment that is being followed …
    std::uint64_t offset_ = 0;   // … and how far it was read
    std::map<SpoolId, Waiting> waiting_;
    std::deque<SpoolId> fresh_; // not taken yet
    std::vector<DamagedRange> damage_;
};

} // namespace watchpost::spool
