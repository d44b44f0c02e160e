// What a spool holds, in memory: one small row a message, the segments, the named states.
//
// Filled by replaying records in the order in which they were written; replaying one twice changes
// nothing. Receipts stay on disk: about 100 octets a message here. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "spool/records.h"

namespace watchpost::spool {

struct SpoolIdHash {
    [[nodiscard]] std::size_t operator()(const SpoolId& id) const noexcept
    {
        return id.ulid().random_bits();
    }
};

struct Item {
    Placement place;
    SourceState source = SourceState::kept;
    Completeness completeness = Completeness::whole;
    bool is_settled = false;
    bool is_damaged = false;
    bool in_checkpoint = false; // its receipt is there, else in the record of `place`
    Day expunged_day = 0;       // when that was last noted
};

class Catalog {
public:
    using Items = std::unordered_map<SpoolId, Item, SpoolIdHash>;

    void add(const SpoolId& id, const Item& item);
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

    /// nullptr where there is none.
    [[nodiscard]] const Item* find(const SpoolId& id) const;
    [[nodiscard]] const Items& items() const noexcept { return items_; }
    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& states() const noexcept
    {
        return states_;
    }

    /// Makes the checkpoint the home of the receipts of all items of segments up to there.
    void move_to_checkpoint(std::uint64_t covered);

private:
    Items items_;
    std::map<std::uint64_t, std::uint64_t> unsettled_; // of each segment
    std::map<std::string, std::string, std::less<>> states_;
};

} // namespace watchpost::spool
