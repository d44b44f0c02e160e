// What a spool holds, in memory: a small row for each message that something is still to happen to,
// the segments, the named states; and where the receipts of each mailbox are.
//
// Filled by replaying records in the order in which they were written; replaying one twice changes
// nothing. Receipts stay on disk, and what is at rest has no row: about 100 octets a message that
// waits, has content, or is in no checkpoint yet. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "spool/receipt_index.h"
#include "spool/records.h"

namespace watchpost::spool {

struct SpoolIdHash {
    [[nodiscard]] std::size_t operator()(const SpoolId& id) const noexcept
    {
        return id.ulid().random_bits();
    }
};

/// What became of a message at its source.
struct SourceNote {
    SourceState state = SourceState::kept;
    Day expunged_day = 0; // when that was noted
};

struct Item {
    Placement place;
    SourceState source = SourceState::kept;
    Completeness completeness = Completeness::whole;
    bool is_settled = false;
    bool is_damaged = false;
    bool in_checkpoint = false; // its receipt is there, else in the record of `place`
    bool keeps_row = false;     // though it is at rest: segments of before are replayed
    Day expunged_day = 0;       // when that was last noted

    void note(const SourceNote& now_there) noexcept
    {
        source = now_there.state;
        expunged_day = now_there.expunged_day;
    }
};

/// Nothing is to happen to it any more: a checkpoint says all that there is.
[[nodiscard]] constexpr bool is_at_rest(const Item& item) noexcept
{
    return item.in_checkpoint && item.is_settled && !item.is_damaged && !item.keeps_row &&
           item.place.where == Where::nowhere;
}

class Catalog {
public:
    using Items = std::unordered_map<SpoolId, Item, SpoolIdHash>;

    /// `mailbox` is the receipt's; its record is at item.place.
    void add(const SpoolId& id, const Item& item, std::string_view mailbox);
    /// The same for a ledger record of the checkpoint. One that is at rest gets no row.
    void add_from_checkpoint(const SpoolId& id, const Item& item, std::string_view mailbox,
                             const ReceiptIndex::Range& record);
    /// `today`: of the note; where it is read back without a day, of the reading, so that nothing
    /// is forgotten too early.
    void change(const SourceChange& change, Day today);
    void settle(const SpoolId& id);
    void set_state(const StateRecord& state);
    void mark_damaged(const SpoolId& id);
    /// ... and all whose records begin in that range of that segment.
    void mark_damaged(std::uint64_t segment, std::uint64_t offset, std::uint64_t octets);
    /// Forgets the place of a settled item whose content is gone.
    void forget_place(const SpoolId& id);
    void erase(const SpoolId& id);

    /// Items in that segment, the large ones that it names too, which are not settled.
    [[nodiscard]] std::uint64_t unsettled(std::uint64_t segment) const;

    /// nullptr where there is none, or where it is at rest.
    [[nodiscard]] const Item* find(const SpoolId& id) const;
    [[nodiscard]] const Items& items() const noexcept { return items_; }
    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& states() const noexcept
    {
        return states_;
    }

    /// What became at the source of a message without a row, where that is not in the checkpoint.
    [[nodiscard]] std::optional<SourceNote> changed_source(const SpoolId& id) const;
    [[nodiscard]] const ReceiptIndex& receipts() const noexcept { return receipts_; }

    /// Makes the new checkpoint the home of the receipts of all items of segments up to there.
    void move_to_checkpoint(std::uint64_t covered, ReceiptIndex checkpoint);

private:
    Items items_;
    std::unordered_map<SpoolId, SourceNote, SpoolIdHash> changed_; // since the checkpoint
    ReceiptIndex receipts_;
    std::map<std::uint64_t, std::uint64_t> unsettled_; // of each segment
    std::map<std::string, std::string, std::less<>> states_;
};

} // namespace watchpost::spool
