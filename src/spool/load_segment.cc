#include "spool/load_parts.h"

#include <algorithm>
#include <map>
#include <optional>

namespace watchpost::spool {

using base::Result;

namespace {

bool is_message(RecordKind kind) noexcept
{
    return kind == RecordKind::message || kind == RecordKind::large_message ||
           kind == RecordKind::too_large;
}

/// The item that a message's record brings.
Item to_item(const Scanned& record, std::uint64_t sequence, const Receipt& receipt)
{
    Item item;
    item.completeness = receipt.completeness;
    item.is_settled = is_settled_from_start(receipt.completeness);
    item.place = {Where::nowhere, sequence, record.offset};
    item.is_damaged = record.body_is_damaged;
    if (record.kind == RecordKind::message) {
        item.place.where = Where::segment;
        // The checksum is right for body_bytes; the receipt must speak of the same octets.
        item.is_damaged = item.is_damaged || record.body_bytes != receipt.octets;
    } else if (record.kind == RecordKind::large_message) {
        item.place.where = Where::large_file;
    }
    return item;
}

bool replay_changes(const Scanned& record, Catalog& catalog)
{
    const auto changes = parse_changes(record.meta);
    if (changes) {
        const Day today = day_of(base::now());
        for (const SourceChange& change : *changes) {
            catalog.change(change, today);
        }
    }
    return changes.has_value();
}

bool replay_settled(const Scanned& record, Catalog& catalog)
{
    const auto ids = parse_ids(record.meta);
    if (ids) {
        for (const SpoolId& id : *ids) {
            catalog.settle(id);
        }
    }
    return ids.has_value();
}

/// False where the record says nothing that a segment may say.
bool replay(const Scanned& record, std::uint64_t sequence, Catalog& catalog)
{
    switch (record.kind) {
    case RecordKind::message:
    case RecordKind::large_message:
    case RecordKind::too_large: {
        const auto receipt = parse_receipt(record.meta);
        if (receipt) {
            catalog.add(receipt->id, to_item(record, sequence, receipt->receipt),
                        receipt->receipt.key.mailbox);
        }
        return receipt.has_value();
    }
    case RecordKind::source_changes:
        return replay_changes(record, catalog);
    case RecordKind::settled:
        return replay_settled(record, catalog);
    case RecordKind::state: {
        const auto state = parse_state(record.meta);
        if (state) {
            catalog.set_state(*state);
        }
        return state.has_value();
    }
    case RecordKind::durable:
    case RecordKind::gap:
        return true;
    case RecordKind::ledger:
    case RecordKind::segment:
    case RecordKind::end:
        return false;
    }
    return false;
}

/// The offset of the last `durable` record, 0 where there is none.
Result<std::uint64_t> find_durable_until(const os::File& file, const ScanRange& range)
{
    ScanRange without_bodies = range;
    without_bodies.check_bodies_from = no_offset;
    std::uint64_t last = 0;
    const auto on_record = [&](const Scanned& record) {
        if (record.kind == RecordKind::durable) {
            last = record.offset;
        }
    };
    if (auto scanned = scan(file, without_bodies, on_record, [](const Gap&) {}); !scanned) {
        return base::fail(std::move(scanned.error()));
    }
    return last;
}

class SegmentLoader {
public:
    SegmentLoader(const ScanRange& range, std::uint64_t durable_until, bool is_covered,
                  Loaded& loaded)
        : range_{range}
        , durable_until_{durable_until}
        , is_covered_{is_covered}
        , loaded_{loaded}
        , name_{segment_name(range.sequence)}
    {
    }

    void on_gap(const Gap& gap)
    {
        if (gap.offset >= durable_until_) {
            add_unfinished(gap);
        } else {
            loaded_.catalog.mark_damaged(range_.sequence, gap.offset, gap.octets);
            damaged(gap.offset, gap.octets,
                    "records cannot be read: the messages in them are not known any more");
        }
    }

    void on_record(const Scanned& record)
    {
        const std::uint64_t octets = std::min(record.end, range_.end) - record.offset;
        if (record.body_is_damaged && record.offset >= durable_until_) {
            add_unfinished({record.offset, octets, record.end >= range_.end});
            return;
        }
        if (!is_covered_ && !replay(record, range_.sequence, loaded_.catalog)) {
            damaged(record.offset, octets, "a record that this program does not know");
            return;
        }
        if (record.body_is_damaged) {
            on_damaged_body(record, octets);
        }
    }

    /// Beside the gap that it makes: in the tail it must not pass for a torn write.
    void name_unreadable(const std::vector<UnreadableRange>& unreadable)
    {
        std::map<std::uint64_t, std::uint64_t> blocks; // each once, however often it was tried
        for (const UnreadableRange& range : unreadable) {
            blocks.emplace(range.offset, range.octets);
        }
        for (const auto& [offset, octets] : blocks) {
            damaged(offset, octets, "the disk does not give these octets any more");
            loaded_.tail.is_unreadable |= offset + octets > durable_until_;
        }
    }

private:
    void on_damaged_body(const Scanned& record, std::uint64_t octets)
    {
        const auto receipt = is_message(record.kind) ? parse_receipt(record.meta) : std::nullopt;
        std::string what = "the content of a record does not check out";
        if (receipt) {
            loaded_.catalog.mark_damaged(receipt->id);
            what = "the content of message " + receipt->id.to_string() + " does not check out";
        }
        damaged(record.offset, octets, std::move(what));
    }

    void damaged(std::uint64_t offset, std::uint64_t octets, std::string what)
    {
        loaded_.segments[range_.sequence].has_damage = true;
        loaded_.add_damage(name_, offset, octets, std::move(what));
    }

    void add_unfinished(const Gap& gap)
    {
        auto& gaps = loaded_.tail.unfinished;
        if (!gaps.empty() && gaps.back().offset + gaps.back().octets == gap.offset) {
            gaps.back().octets += gap.octets;
            gaps.back().reaches_end = gap.reaches_end;
        } else {
            gaps.push_back(gap);
        }
    }

    ScanRange range_;
    std::uint64_t durable_until_;
    bool is_covered_;
    Loaded& loaded_;
    std::string name_;
};

} // namespace

Result<void> load_segment(const SpoolFile& segment, std::uint64_t sequence, Verify verify,
                          Loaded& loaded)
{
    SegmentFacts& facts = loaded.segments[sequence];
    std::vector<UnreadableRange> unreadable;
    ScanRange range{loaded.mark, sequence, facts.end, verify == Verify::content ? 0 : no_offset,
                    &unreadable};
    const bool is_covered = sequence <= loaded.covered;
    std::uint64_t durable_until = no_offset; // a full one was synced before the next was made
    if (sequence == loaded.tail.sequence && !is_covered) {
        auto last = find_durable_until(*segment.file, range);
        if (!last) {
            return base::fail(std::move(last.error()));
        }
        durable_until = *last;
        loaded.tail.durable_until = durable_until;
        range.check_bodies_from = std::min(range.check_bodies_from, durable_until);
    }
    if (!facts.has_header && !facts.was_never_used()) {
        facts.has_damage = true;
        loaded.add_damage(segment_name(sequence), 0, file_header_bytes, "the header is damaged");
    }
    SegmentLoader loader{range, durable_until, is_covered, loaded};
    auto scanned = scan(
        *segment.file, range, [&](const Scanned& record) { loader.on_record(record); },
        [&](const Gap& gap) { loader.on_gap(gap); });
    loader.name_unreadable(unreadable);
    return scanned;
}

} // namespace watchpost::spool
