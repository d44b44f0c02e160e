#include "spool/load.h"

#include <algorithm>
#include <optional>
#include <span>
#include <variant>

#include "spool/load_parts.h"

namespace watchpost::spool {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

/// What is read for a record whose neighbours are not asked for: its header and its meta.
constexpr std::size_t single_record_bytes = 4096;

/// So many epochs may have passed since the newest one that another file names. An epoch is a
/// fencing token: none may come twice.
constexpr std::uint64_t lost_epochs_max = std::uint64_t{1} << 20U;

class Loader {
public:
    Loader(os::FileSystem& folder, Verify verify) : folder_{folder}, verify_{verify} {}

    Result<Loaded> run()
    {
        for (const auto step :
             {&Loader::open_files, &Loader::list_segments, &Loader::read_segment_headers,
              &Loader::check_mark, &Loader::read_checkpoint, &Loader::read_segments,
              &Loader::find_missing_segments, &Loader::read_large_files}) {
            if (auto done = (this->*step)(); !done) {
                return base::fail(std::move(done.error()));
            }
            if (loaded_.is_new) {
                break;
            }
        }
        return std::move(loaded_);
    }

private:
    void learn_from(const std::optional<FileHeader>& header)
    {
        if (!header) {
            return;
        }
        mark_ = mark_ ? mark_ : header->mark; // the identity's comes first
        loaded_.epoch = std::max(loaded_.epoch, header->epoch);
    }

    Result<void> open_files()
    {
        for (const auto& [name, into] :
             {std::pair{identity_name, &identity_}, std::pair{checkpoint_name, &checkpoint_}}) {
            auto opened = open_spool_file_if_there(folder_, name);
            if (!opened) {
                return base::fail(std::move(opened.error()));
            }
            *into = std::move(*opened);
            if (*into) {
                learn_from((*into)->header);
            }
        }
        return {};
    }

    Result<void> list_segments()
    {
        auto files = folder_.list(segments_folder);
        if (!files) {
            if (files.error().code() != ErrorCode::not_found) {
                return base::fail(std::move(files.error()));
            }
            files = std::vector<std::string>{};
        }
        for (const std::string& file : *files) {
            if (const auto sequence = parse_segment_file(file)) {
                loaded_.segments.emplace(*sequence, SegmentFacts{});
            }
        }
        loaded_.is_new = !identity_ && !checkpoint_ && loaded_.segments.empty();
        return {};
    }

    /// Sizes, and where the next segment says that this one ends.
    Result<void> read_segment_headers()
    {
        std::map<std::uint64_t, std::uint64_t> ends;
        for (auto& [sequence, facts] : loaded_.segments) {
            auto segment = open_spool_file(folder_, segment_name(sequence));
            if (!segment) {
                return base::fail(std::move(segment.error()));
            }
            learn_from(segment->header);
            facts.file_bytes = segment->size;
            facts.has_header = segment->header.has_value();
            facts.has_damage = segment->is_unreadable;
            facts.end = facts.file_bytes;
            if (segment->header) {
                ends[segment->header->previous] = segment->header->previous_end;
            }
        }
        for (const auto& [sequence, end] : ends) {
            const auto segment = loaded_.segments.find(sequence);
            if (segment != loaded_.segments.end()) {
                end_segment(sequence, end, segment->second);
            }
        }
        return {};
    }

    void end_segment(std::uint64_t sequence, std::uint64_t end, SegmentFacts& facts)
    {
        facts.end = std::min(facts.file_bytes, end);
        if (facts.file_bytes < end) {
            facts.has_damage = true;
            loaded_.add_damage(segment_name(sequence), facts.file_bytes, end - facts.file_bytes,
                               "the end of the file is missing, and with it the messages in it");
        }
    }

    Result<void> check_mark()
    {
        if (!mark_) {
            return base::fail(ErrorCode::damaged, Retry::never,
                              folder_.describe() + ": no file of the spool has a readable header");
        }
        loaded_.mark = *mark_;
        if (!identity_ || !identity_->header) {
            loaded_.epoch += lost_epochs_max; // openings that left no other trace
            loaded_.add_damage(std::string{identity_name}, 0, file_header_bytes,
                               "cannot be read; other files say the same");
        }
        return {};
    }

    Result<void> read_checkpoint()
    {
        return checkpoint_ ? load_checkpoint(*checkpoint_, loaded_) : Result<void>{};
    }

    Result<void> read_segments()
    {
        for (const auto& [sequence, facts] : loaded_.segments) {
            if (facts.was_never_used()) {
                loaded_.leftovers.push_back(segment_name(sequence));
            } else {
                loaded_.tail.sequence = sequence;
            }
        }
        for (const auto& [sequence, facts] : loaded_.segments) {
            if (sequence <= loaded_.covered && verify_ == Verify::records) {
                continue;
            }
            auto segment = open_spool_file(folder_, segment_name(sequence));
            if (!segment) {
                return base::fail(std::move(segment.error()));
            }
            if (auto read = load_segment(*segment, sequence, verify_, loaded_); !read) {
                return base::fail(std::move(read.error()));
            }
        }
        return {};
    }

    /// Segments are numbered without holes; those that the checkpoint covers may have been removed,
    /// but not while somebody needed them.
    Result<void> find_missing_segments()
    {
        std::uint64_t expected = loaded_.covered + 1;
        for (const auto& [sequence, facts] : loaded_.segments) {
            if (sequence > expected && !loaded_.checkpoint_is_damaged) {
                loaded_.add_damage(segment_name(expected), 0, 0,
                                   "is missing, and with it the messages in it");
            }
            expected = std::max(expected, sequence + 1);
        }
        std::map<std::uint64_t, std::vector<SpoolId>> lost;
        for (const auto& [id, item] : loaded_.catalog.items()) {
            if (item.place.where == Where::segment &&
                !loaded_.segments.contains(item.place.segment)) {
                lost[item.place.segment].push_back(id);
            }
        }
        for (const auto& [sequence, ids] : lost) {
            lose_content(sequence, ids);
        }
        return {};
    }

    void lose_content(std::uint64_t sequence, const std::vector<SpoolId>& ids)
    {
        if (loaded_.catalog.unsettled(sequence) > 0) {
            loaded_.add_damage(segment_name(sequence), 0, 0,
                               "is missing, and with it the content of its messages");
        }
        for (const SpoolId& id : ids) {
            if (loaded_.catalog.find(id)->is_settled) {
                loaded_.catalog.forget_place(id);
            } else {
                loaded_.catalog.mark_damaged(id);
            }
        }
    }

    Result<void> read_large_files() { return load_large_files(folder_, verify_, loaded_); }

    os::FileSystem& folder_;
    Verify verify_;
    Loaded loaded_;
    std::optional<std::uint64_t> mark_;
    std::optional<SpoolFile> identity_;
    std::optional<SpoolFile> checkpoint_;
};

/// The item as it is now; nullopt: the catalog knows it from elsewhere, or does not know it.
std::optional<Item> current_item(const LedgerRecord& ledger, const Catalog& catalog)
{
    if (const Item* const item = catalog.find(ledger.entry.id)) {
        return item->in_checkpoint ? std::optional{*item} : std::nullopt;
    }
    Item item = to_item(ledger);
    if (const auto noted = catalog.changed_source(ledger.entry.id)) {
        item.note(*noted);
    }
    return is_at_rest(item) ? std::optional{item} : std::nullopt;
}

/// Visits the items whose receipts are in that range of the checkpoint.
Result<void> visit_checkpoint(const SpoolFile& checkpoint, const ReceiptIndex::Range& range,
                              const Loaded& loaded, const ItemVisitor& visit)
{
    const auto on_record = [&](const Scanned& record) {
        const auto ledger =
            record.kind == RecordKind::ledger ? parse_ledger(record.meta) : std::nullopt;
        const auto item = ledger ? current_item(*ledger, loaded.catalog) : std::nullopt;
        if (item) {
            visit(ledger->entry.id, ledger->entry.receipt, *item);
        }
    };
    std::vector<UnreadableRange> unreadable; // load() named them
    const ScanRange scanned{loaded.mark, 0, range.end, no_offset, &unreadable};
    return scan(*checkpoint.file, scanned, on_record, [](const Gap&) {}, range.begin);
}

void visit_record(const Scanned& record, std::uint64_t sequence, const Loaded& loaded,
                  const ItemVisitor& visit)
{
    const auto receipt = parse_receipt(record.meta);
    const Item* const item = receipt ? loaded.catalog.find(receipt->id) : nullptr;
    if (item != nullptr && !item->in_checkpoint && item->place.segment == sequence &&
        item->place.offset == record.offset) {
        visit(receipt->id, receipt->receipt, *item);
    }
}

Result<void> visit_segment(const SpoolFile& segment, std::uint64_t sequence, std::uint64_t end,
                           const Loaded& loaded, const ItemVisitor& visit)
{
    const auto on_record = [&](const Scanned& record) {
        visit_record(record, sequence, loaded, visit);
    };
    std::vector<UnreadableRange> unreadable; // load() named them
    const ScanRange range{loaded.mark, sequence, end, no_offset, &unreadable};
    return scan(*segment.file, range, on_record, [](const Gap&) {});
}

/// Single records of one segment; `place` goes on to the first one of another.
Result<void> visit_places(os::FileSystem& folder, std::span<const ReceiptIndex::Place> places,
                          const Loaded& loaded, const ItemVisitor& visit)
{
    const auto sequence = places.front().segment;
    const auto segment = open_spool_file(folder, segment_name(sequence));
    if (!segment) {
        return base::fail(segment.error());
    }
    const auto facts = loaded.segments.find(sequence);
    const auto end = facts == loaded.segments.end() ? segment->size : facts->second.end;
    std::vector<UnreadableRange> unreadable; // load() named them
    const ScanRange range{loaded.mark, sequence, end, no_offset, &unreadable, single_record_bytes};
    Scanner scanner{*segment->file, range};
    for (const auto& place : places) {
        scanner.go_to(place.offset);
        const auto step = scanner.next();
        if (!step) {
            return base::fail(step.error());
        }
        if (const auto* const record = std::get_if<Scanned>(&*step)) {
            visit_record(*record, sequence, loaded, visit);
        }
    }
    return {};
}

} // namespace

Result<Loaded> load(os::FileSystem& folder, Verify verify)
{
    return Loader{folder, verify}.run();
}

Result<void> for_each_item(os::FileSystem& folder, const Loaded& loaded, std::uint64_t last,
                           const ItemVisitor& visit)
{
    auto checkpoint = open_spool_file_if_there(folder, checkpoint_name);
    if (!checkpoint) {
        return base::fail(std::move(checkpoint.error()));
    }
    if (*checkpoint) {
        const ReceiptIndex::Range all{file_header_bytes, (*checkpoint)->size};
        if (auto visited = visit_checkpoint(**checkpoint, all, loaded, visit); !visited) {
            return visited;
        }
    }
    for (const auto& [sequence, facts] : loaded.segments) {
        if (sequence <= loaded.covered || sequence > last) {
            continue;
        }
        auto segment = open_spool_file(folder, segment_name(sequence));
        if (!segment) {
            return base::fail(std::move(segment.error()));
        }
        if (auto visited = visit_segment(*segment, sequence, facts.end, loaded, visit); !visited) {
            return visited;
        }
    }
    return {};
}

Result<void> for_each_item_of(os::FileSystem& folder, const Loaded& loaded,
                              std::string_view mailbox, std::uint64_t last,
                              const ItemVisitor& visit)
{
    const auto* const receipts = loaded.catalog.receipts().find(mailbox);
    if (receipts == nullptr) {
        return {};
    }
    if (!receipts->in_checkpoint.empty()) {
        auto checkpoint = open_spool_file(folder, std::string{checkpoint_name});
        if (!checkpoint) {
            return base::fail(std::move(checkpoint.error()));
        }
        for (const auto& range : receipts->in_checkpoint) {
            if (auto visited = visit_checkpoint(*checkpoint, range, loaded, visit); !visited) {
                return visited;
            }
        }
    }
    std::span<const ReceiptIndex::Place> left{receipts->in_segments};
    while (!left.empty()) {
        const auto end = std::ranges::find_if(left, [&](const ReceiptIndex::Place& place) {
            return place.segment != left.front().segment;
        });
        const auto count = static_cast<std::size_t>(end - left.begin());
        auto visited = left.front().segment <= last
                           ? visit_places(folder, left.first(count), loaded, visit)
                           : Result<void>{};
        if (!visited) {
            return visited;
        }
        left = left.subspan(count);
    }
    return {};
}

} // namespace watchpost::spool
