#include "spool/follower.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "spool/content.h"
#include "spool/scanner.h"
#include "spool/spool_file.h"

namespace watchpost::spool {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

constexpr std::size_t damage_max = 1'000; // ranges remembered: a dying disk has no end of them

bool is_missing(const base::Error& error)
{
    return error.code() == ErrorCode::not_found;
}

ScanRange range_of(std::uint64_t mark, std::uint64_t sequence, std::uint64_t end,
                   std::uint64_t check_bodies_from, std::vector<UnreadableRange>& unreadable)
{
    return {mark, sequence, end, check_bodies_from, &unreadable};
}

/// Is there a record behind `from` that says that all before it was synced?
Result<bool> is_durable(const os::File& file, ScanRange range, std::uint64_t from)
{
    range.check_bodies_from = no_offset;
    Scanner scanner{file, range, from};
    while (true) {
        auto step = scanner.next();
        if (!step) {
            return base::fail(std::move(step.error()));
        }
        const auto* const record = std::get_if<Scanned>(&*step);
        if (record != nullptr && record->kind == RecordKind::durable) {
            return true;
        }
        if (std::holds_alternative<ScanEnd>(*step)) {
            return false;
        }
    }
}

} // namespace

/// One segment while it is being read.
struct SpoolFollower::SegmentLook {
    const os::File& file;
    std::uint64_t sequence;
    std::uint64_t end;
    bool is_last;
    std::uint64_t offset; // read up to here
    Additions additions = {};

    void on_record(const Scanned& record)
    {
        switch (record.kind) {
        case RecordKind::message:
        case RecordKind::large_message:
        case RecordKind::too_large:
            on_message(record);
            break;
        case RecordKind::settled:
            if (const auto ids = parse_ids(record.meta)) {
                additions.settled.insert(additions.settled.end(), ids->begin(), ids->end());
            }
            break;
        case RecordKind::source_changes:
        case RecordKind::state:
        case RecordKind::durable:
        case RecordKind::gap:
        case RecordKind::ledger:
        case RecordKind::segment:
        case RecordKind::end:
            break; // nothing that the pipeline goes by
        }
    }

    void on_message(const Scanned& record)
    {
        const auto receipt = parse_receipt(record.meta);
        if (!receipt) {
            return on_damage(record.offset, record.end - record.offset,
                             "a record of a message says nothing that can be read");
        }
        if (is_settled_from_start(receipt->receipt.completeness)) {
            return;
        }
        Waiting waiting{{Where::nowhere, sequence, record.offset},
                        receipt->receipt.completeness,
                        record.body_is_damaged};
        if (record.kind == RecordKind::message) {
            waiting.place.where = Where::segment;
        } else if (record.kind == RecordKind::large_message) {
            waiting.place.where = Where::large_file;
        }
        additions.messages.emplace_back(receipt->id, waiting);
    }

    void on_damage(std::uint64_t at, std::uint64_t octets, std::string what)
    {
        additions.damage.push_back({segment_name(sequence), at, octets, std::move(what)});
    }
};

SpoolFollower::SpoolFollower(const std::filesystem::path& folder)
    : SpoolFollower{[folder] { return os::open_folder(folder); }}
{
}

Result<void> SpoolFollower::refresh()
{
    const auto has_spool = begin();
    if (!has_spool || !*has_spool) {
        return has_spool ? Result<void>{}
                         : base::fail(base::Error{has_spool.error()}.during("follow the spool"));
    }
    const auto sequences = list_segments();
    if (!sequences) {
        return base::fail(base::Error{sequences.error()}.during("follow the spool"));
    }
    std::map<std::uint64_t, std::uint64_t> ends; // as the next segment's header says
    std::vector<std::uint64_t> present;
    for (const std::uint64_t sequence : *sequences) {
        auto segment = open_spool_file_if_there(*folder_, segment_name(sequence));
        if (!segment) {
            return base::fail(std::move(segment.error()).during("follow the spool"));
        }
        if (!*segment || (!(*segment)->header && (*segment)->size <= file_header_bytes)) {
            continue; // removed meanwhile, or only just begun
        }
        present.push_back(sequence);
        ends[sequence] = (*segment)->size;
        if ((*segment)->header && ends.contains((*segment)->header->previous)) {
            auto& end = ends[(*segment)->header->previous];
            end = std::min(end, (*segment)->header->previous_end);
        }
    }
    for (const std::uint64_t sequence : present) {
        if (auto read = read_segment(sequence, ends[sequence], sequence == present.back()); !read) {
            return base::fail(std::move(read.error()).during("follow the spool"));
        }
    }
    return {};
}

/// False where there is no spool yet.
Result<bool> SpoolFollower::begin()
{
    if (has_begun_) {
        return true;
    }
    if (!folder_) {
        auto opened = open_folder_();
        if (!opened) {
            return is_missing(opened.error()) ? Result<bool>{false}
                                              : base::fail(std::move(opened.error()));
        }
        folder_ = std::move(*opened);
    }
    for (const auto step : {&SpoolFollower::learn_mark, &SpoolFollower::read_checkpoint}) {
        if (auto done = (this->*step)(); !done) {
            return base::fail(std::move(done.error()));
        }
        if (!mark_) {
            return false;
        }
    }
    has_begun_ = true;
    return true;
}

Result<void> SpoolFollower::learn_mark()
{
    std::vector<std::string> names{std::string{identity_name}, std::string{checkpoint_name}};
    const auto sequences = list_segments();
    if (!sequences) {
        return base::fail(sequences.error());
    }
    std::ranges::transform(*sequences, std::back_inserter(names), segment_name);
    for (const std::string& name : names) {
        auto file = open_spool_file_if_there(*folder_, name);
        if (!file) {
            return base::fail(std::move(file.error()));
        }
        if (*file && (*file)->header) {
            mark_ = (*file)->header->mark;
            return {};
        }
    }
    return {};
}

Result<void> SpoolFollower::read_checkpoint()
{
    if (!mark_) {
        return {};
    }
    auto checkpoint = open_spool_file_if_there(*folder_, checkpoint_name);
    if (!checkpoint || !*checkpoint) {
        return checkpoint ? Result<void>{} : base::fail(std::move(checkpoint.error()));
    }
    Additions additions;
    std::uint64_t records = 0;
    std::optional<std::uint64_t> promised;
    const auto on_record = [&](const Scanned& record) {
        if (record.kind == RecordKind::end) {
            promised = parse_number(record.meta);
            return;
        }
        ++records;
        const auto ledger =
            record.kind == RecordKind::ledger ? parse_ledger(record.meta) : std::nullopt;
        if (ledger && !ledger->is_settled) {
            const Waiting waiting{ledger->place, ledger->entry.receipt.completeness, false};
            additions.messages.emplace_back(ledger->entry.id, waiting);
        }
    };
    std::vector<UnreadableRange> unreadable;
    bool is_whole = (*checkpoint)->header.has_value();
    auto scanned =
        scan(*(*checkpoint)->file, range_of(*mark_, 0, (*checkpoint)->size, no_offset, unreadable),
             on_record, [&](const Gap&) { is_whole = false; });
    if (!scanned) {
        return scanned;
    }
    // As SpoolReader does: of a damaged one nothing is taken for covered.
    covered_ = is_whole && promised == records ? (*checkpoint)->header->sequence : 0;
    take_in(std::move(additions));
    return {};
}

/// Those that may hold something new, in order.
Result<std::vector<std::uint64_t>> SpoolFollower::list_segments()
{
    auto files = folder_->list(segments_folder);
    if (!files) {
        return is_missing(files.error()) ? Result<std::vector<std::uint64_t>>{}
                                         : base::fail(std::move(files.error()));
    }
    std::vector<std::uint64_t> sequences;
    for (const std::string& file : *files) {
        const auto sequence = parse_segment_file(file);
        if (sequence && *sequence > covered_ && *sequence >= sequence_) {
            sequences.push_back(*sequence);
        }
    }
    std::ranges::sort(sequences);
    return sequences;
}

Result<void> SpoolFollower::read_segment(std::uint64_t sequence, std::uint64_t end, bool is_last)
{
    auto segment = open_spool_file_if_there(*folder_, segment_name(sequence));
    if (!segment || !*segment) {
        return segment ? Result<void>{} : base::fail(std::move(segment.error()));
    }
    const std::uint64_t from = sequence == sequence_ ? offset_ : file_header_bytes;
    SegmentLook look{*(*segment)->file, sequence, end, is_last, from};
    if (from >= end) { // nothing new; or its end was cut off when it was mended
        look.offset = from;
    } else if (auto scanned = scan_segment(look); !scanned) {
        return scanned;
    }
    if (is_last && !look.additions.messages.empty()) {
        if (auto synced = (*segment)->file->sync_data(); !synced) {
            return synced;
        }
    }
    sequence_ = sequence;
    offset_ = look.offset;
    take_in(std::move(look.additions));
    return {};
}

/// In the last segment a fault may be a write that is under way, or that a crash tore and the
/// collector has not mended yet: it is looked at again, unless something durable stands behind it.
Result<void> SpoolFollower::scan_segment(SegmentLook& look) const
{
    std::vector<UnreadableRange> unreadable;
    const ScanRange range = range_of(*mark_, look.sequence, look.end,
                                     look.is_last ? look.offset : no_offset, unreadable);
    Scanner scanner{look.file, range, look.offset};
    while (true) {
        auto step = scanner.next();
        if (!step) {
            return base::fail(std::move(step.error()));
        }
        if (std::holds_alternative<ScanEnd>(*step)) {
            return {};
        }
        const auto* const record = std::get_if<Scanned>(&*step);
        const auto* const gap = std::get_if<Gap>(&*step);
        const std::uint64_t end = record != nullptr ? record->end : gap->offset + gap->octets;
        if (look.is_last && (gap != nullptr || record->body_is_damaged)) {
            const auto counts = is_durable(look.file, range, std::min(end, look.end));
            if (!counts || !*counts) {
                return counts ? Result<void>{} : base::fail(counts.error());
            }
        }
        if (record != nullptr) {
            look.on_record(*record);
        } else {
            look.on_damage(gap->offset, gap->octets,
                           "records cannot be read: the messages in them are not known any more");
        }
        look.offset = std::min(end, look.end);
    }
}

void SpoolFollower::take_in(Additions additions)
{
    for (const auto& [id, waiting] : additions.messages) {
        if (waiting_.emplace(id, waiting).second) {
            fresh_.push_back(id);
        }
    }
    for (const SpoolId& id : additions.settled) {
        waiting_.erase(id);
    }
    for (DamagedRange& range : additions.damage) {
        if (damage_.size() < damage_max) {
            damage_.push_back(std::move(range));
        }
    }
}

std::vector<SpoolId> SpoolFollower::take(std::size_t limit)
{
    std::vector<SpoolId> taken;
    while (!fresh_.empty() && taken.size() < limit) {
        if (is_waiting(fresh_.front())) {
            taken.push_back(fresh_.front());
        }
        fresh_.pop_front();
    }
    return taken;
}

std::optional<SpoolId> SpoolFollower::oldest() const
{
    return waiting_.empty() ? std::nullopt : std::optional{waiting_.begin()->first};
}

Result<SpoolItem> SpoolFollower::look_at(const SpoolId& id) const
{
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) {
        return base::fail(ErrorCode::not_found, Retry::never,
                          "message " + id.to_string() + " does not wait");
    }
    const Waiting& waiting = found->second;
    auto receipt = read_receipt(*folder_, *mark_, id, waiting.place);
    if (!receipt) {
        receipt = receipt_from_checkpoint(id);
    }
    if (!receipt) {
        return base::fail(std::move(receipt.error()).during("look at message " + id.to_string()));
    }
    ContentState content = ContentState::stored;
    if (waiting.is_damaged) {
        content = ContentState::damaged;
    } else if (waiting.completeness == Completeness::too_large) {
        content = ContentState::never_stored;
    } else if (waiting.place.where == Where::nowhere) {
        content = ContentState::removed;
    }
    return SpoolItem{id, std::move(*receipt), SourceState::kept, content, false};
}

/// Rarely needed: the segment was lost, and the checkpoint remembers what was in it.
Result<Receipt> SpoolFollower::receipt_from_checkpoint(const SpoolId& id) const
{
    std::optional<Receipt> receipt;
    auto checkpoint = open_spool_file_if_there(*folder_, checkpoint_name);
    if (!checkpoint) {
        return base::fail(std::move(checkpoint.error()));
    }
    if (*checkpoint) {
        const auto on_record = [&](const Scanned& record) {
            auto ledger =
                record.kind == RecordKind::ledger ? parse_ledger(record.meta) : std::nullopt;
            if (ledger && ledger->entry.id == id) {
                receipt = std::move(ledger->entry.receipt);
            }
        };
        std::vector<UnreadableRange> unreadable;
        const auto range = range_of(*mark_, 0, (*checkpoint)->size, no_offset, unreadable);
        const auto scanned = scan(*(*checkpoint)->file, range, on_record, [](const Gap&) {});
        if (!scanned) {
            return base::fail(scanned.error());
        }
    }
    if (!receipt) {
        return base::fail(ErrorCode::damaged, Retry::never, "its receipt cannot be read any more");
    }
    return std::move(*receipt);
}

Result<void> SpoolFollower::read(const SpoolItem& item, const ByteSink& sink) const
{
    const auto found = waiting_.find(item.id);
    if (found == waiting_.end() || found->second.place.where == Where::nowhere) {
        return base::fail(ErrorCode::not_found, Retry::never,
                          "message " + item.id.to_string() + ": no content is stored");
    }
    auto read = found->second.place.where == Where::large_file
                    ? read_large(*folder_, item.id, item.receipt, sink)
                    : read_from_segment(*folder_, *mark_, item.id, found->second.place, sink);
    if (!read) {
        return base::fail(std::move(read.error()).during("read message " + item.id.to_string()));
    }
    return {};
}

std::optional<std::string> SpoolFollower::own_file(const SpoolId& id) const
{
    const auto found = waiting_.find(id);
    return found != waiting_.end() && found->second.place.where == Where::large_file
               ? std::optional{large_name(id)}
               : std::nullopt;
}

} // namespace watchpost::spool
