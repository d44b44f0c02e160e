#include "spool/load_parts.h"

#include <algorithm>
#include <optional>

namespace watchpost::spool {

namespace {

const std::string file{checkpoint_name};

/// Whether what is at rest has a row in the catalog, too: where segments are replayed that the
/// checkpoint covers, their messages must not be taken for new ones.
enum class Keep : std::uint8_t { what_is_not_at_rest, all };

/// False for a record that has no place in a checkpoint.
bool replay(const Scanned& record, Keep keep, Loaded& loaded)
{
    if (record.kind == RecordKind::ledger) {
        const auto ledger = parse_ledger(record.meta);
        if (ledger) {
            Item item = to_item(*ledger);
            item.keeps_row = keep == Keep::all;
            loaded.catalog.add_from_checkpoint(ledger->entry.id, item,
                                               ledger->entry.receipt.key.mailbox,
                                               {record.offset, record.end});
        }
        return ledger.has_value();
    }
    if (record.kind == RecordKind::state) {
        const auto state = parse_state(record.meta);
        if (state) {
            loaded.catalog.set_state(*state);
        }
        return state.has_value();
    }
    if (record.kind == RecordKind::segment) {
        const auto segment = parse_segment(record.meta);
        const auto found = loaded.segments.find(segment ? segment->sequence : 0);
        if (found != loaded.segments.end()) {
            found->second.end = std::min(found->second.end, segment->end);
            found->second.has_damage = found->second.has_damage || segment->has_damage;
        }
        return segment.has_value();
    }
    return false;
}

} // namespace

Item to_item(const LedgerRecord& record)
{
    Item item;
    item.place = record.place;
    item.source = record.entry.state;
    item.completeness = record.entry.receipt.completeness;
    item.is_settled = record.is_settled;
    item.in_checkpoint = true;
    if (item.source == SourceState::expunged) {
        item.expunged_day =
            record.expunged_day != 0 ? record.expunged_day : day_of(base::now()); // an older spool
    }
    return item;
}

namespace {

base::Result<void> read_checkpoint(const SpoolFile& checkpoint, Keep keep, Loaded& loaded)
{
    std::uint64_t records = 0;
    std::optional<std::uint64_t> promised;
    const std::size_t damage_before = loaded.damage.size();
    const auto on_record = [&](const Scanned& record) {
        if (record.kind == RecordKind::end) {
            promised = parse_number(record.meta);
        } else if (replay(record, keep, loaded)) {
            ++records;
        }
    };
    const auto on_gap = [&](const Gap& gap) {
        loaded.add_damage(file, gap.offset, gap.octets,
                          "records of the ledger cannot be read: their messages may be collected "
                          "once more");
    };
    if (!checkpoint.header) {
        loaded.add_damage(file, 0, file_header_bytes, "the header is damaged");
    }
    std::vector<UnreadableRange> unreadable; // each is a gap as well
    const ScanRange range{loaded.mark, 0, checkpoint.size, no_offset, &unreadable};
    if (auto scanned = scan(*checkpoint.file, range, on_record, on_gap); !scanned) {
        return base::fail(std::move(scanned.error()).during("read the checkpoint"));
    }
    if (loaded.damage.size() == damage_before && promised != records) {
        loaded.add_damage(file, checkpoint.size, 0,
                          "the end is missing: messages may be collected once more");
    }
    loaded.checkpoint_is_damaged = loaded.damage.size() > damage_before;
    loaded.covered = loaded.checkpoint_is_damaged ? 0 : checkpoint.header->sequence;
    return {};
}

} // namespace

base::Result<void> load_checkpoint(const SpoolFile& checkpoint, Loaded& loaded)
{
    const auto damage_before = loaded.damage;
    auto read = read_checkpoint(checkpoint, Keep::what_is_not_at_rest, loaded);
    if (!read || !loaded.checkpoint_is_damaged) {
        return read;
    }
    loaded.damage = damage_before;
    loaded.catalog = {};
    return read_checkpoint(checkpoint, Keep::all, loaded);
}

} // namespace watchpost::spool
