#include "spool/checkpoint.h"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "os/crash_point.h"
#include "spool/new_record.h"

namespace watchpost::spool {

using base::Result;
using os::CrashPoint;

namespace {

const std::string part_name = std::string{checkpoint_name} + std::string{part_suffix};
constexpr std::size_t write_bytes = std::size_t{256} * 1024;

/// Records one after the other, written in large pieces. After an error nothing more is written.
class RecordWriter {
public:
    RecordWriter(os::File& file, std::uint64_t mark) : file_{file}, mark_{mark} {}

    void add_octets(base::ByteView octets)
    {
        buffer_.insert(buffer_.end(), octets.begin(), octets.end());
        if (buffer_.size() >= write_bytes) {
            flush();
        }
    }

    void add(RecordKind kind, base::Bytes meta)
    {
        const NewRecord record = make_record(kind, std::move(meta));
        add_octets(encode(record.header, {mark_, 0, written_ + buffer_.size()}));
        add_octets(record.meta);
        ++count_;
    }

    void flush()
    {
        if (result_) {
            result_ = file_.write_at(buffer_, written_);
        }
        written_ += buffer_.size();
        buffer_.clear();
    }

    /// Where the next record begins.
    [[nodiscard]] std::uint64_t offset() const noexcept { return written_ + buffer_.size(); }
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] const Result<void>& result() const noexcept { return result_; }

private:
    os::File& file_;
    std::uint64_t mark_;
    base::Bytes buffer_;
    std::uint64_t written_ = 0;
    std::uint64_t count_ = 0;
    Result<void> result_;
};

/// Twice in a checkpoint: a lost generation of a maildrop would make other messages look known.
void add_states(const Loaded& loaded, RecordWriter& writer)
{
    for (const auto& [name, value] : loaded.catalog.states()) {
        writer.add(RecordKind::state, encode(StateRecord{name, value}));
    }
}

LedgerRecord to_ledger(const SpoolId& id, const Receipt& receipt, const Item& item)
{
    return {{id, receipt, item.source}, item.place, item.is_settled, item.expunged_day};
}

/// The ledger stands mailbox by mailbox, so that one can be read without the others.
Result<Checkpoint> write_records(os::FileSystem& folder, const Loaded& loaded,
                                 const CompactionPlan& plan, const CheckpointOptions& options,
                                 RecordWriter& writer)
{
    const std::unordered_set<SpoolId, SpoolIdHash> without_place{plan.without_place.begin(),
                                                                 plan.without_place.end()};
    Checkpoint written;
    const auto visit = [&](const SpoolId& id, const Receipt& receipt, const Item& item) {
        if (item.is_settled && item.source == SourceState::expunged &&
            item.expunged_day < day_of(options.forget_before)) {
            written.forgotten.push_back(id);
            return;
        }
        LedgerRecord record = to_ledger(id, receipt, item);
        if (without_place.contains(id)) {
            record.place = {};
        }
        const auto begin = writer.offset();
        writer.add(RecordKind::ledger, encode(record));
        written.receipts.add_in_checkpoint(receipt.key.mailbox, {begin, writer.offset()});
    };
    add_states(loaded, writer);
    for (const auto& [mailbox, receipts] : loaded.catalog.receipts().mailboxes()) {
        auto visited = for_each_item_of(folder, loaded, mailbox, plan.covered, visit);
        if (!visited) {
            return base::fail(std::move(visited.error()));
        }
    }
    for (const auto& [sequence, facts] : loaded.segments) {
        if (sequence <= plan.covered) {
            writer.add(RecordKind::segment,
                       encode(SegmentRecord{sequence, facts.end, facts.has_damage}));
        }
    }
    add_states(loaded, writer);
    writer.add(RecordKind::end, encode(writer.count()));
    writer.flush();
    if (!writer.result()) {
        return base::fail(base::Error{writer.result().error()});
    }
    return written;
}

Result<void> copy_file(os::FileSystem& folder, const std::string& from, const std::string& to)
{
    auto source = folder.open(from, os::OpenMode::read);
    if (!source) {
        return base::fail(std::move(source.error()));
    }
    static_cast<void>(folder.remove(to)); // of an attempt under the same epoch
    auto copy = folder.open(to, os::OpenMode::create_new);
    if (!copy) {
        return base::fail(std::move(copy.error()));
    }
    base::Bytes buffer(write_bytes);
    for (std::uint64_t offset = 0;; offset += buffer.size()) {
        auto got = (*source)->read_at(buffer, offset);
        if (!got) {
            return base::fail(std::move(got.error()));
        }
        if (*got == 0) {
            return (*copy)->sync_data();
        }
        auto written = (*copy)->write_at(base::ByteView{buffer}.first(*got), offset);
        if (!written) {
            return written;
        }
    }
}

Result<void> put_in_place(os::FileSystem& folder, os::File& file, const Loaded& loaded,
                          std::uint64_t epoch)
{
    if (auto synced = file.sync_data(); !synced) {
        return synced;
    }
    os::crash_point(CrashPoint::spool_before_checkpoint_move);
    if (loaded.checkpoint_is_damaged) {
        // What cannot be read now may be read by somebody else.
        const std::string kept = std::string{checkpoint_name} + ".damaged-" + std::to_string(epoch);
        if (auto copied = copy_file(folder, std::string{checkpoint_name}, kept); !copied) {
            return base::fail(std::move(copied.error()).during("keep the damaged checkpoint"));
        }
    }
    return folder.rename(part_name, checkpoint_name);
}

} // namespace

CompactionPlan plan_compaction(const Loaded& loaded, std::uint64_t covered)
{
    CompactionPlan plan;
    plan.covered = covered;
    std::set<std::uint64_t> removable;
    for (const auto& [sequence, facts] : loaded.segments) {
        if (sequence <= covered && !facts.has_damage && loaded.catalog.unsettled(sequence) == 0) {
            removable.insert(sequence);
        }
    }
    for (const auto& [id, item] : loaded.catalog.items()) {
        if (!item.is_settled || item.place.segment == 0 || item.place.segment > covered) {
            continue;
        }
        if (item.place.where == Where::large_file) {
            plan.large.push_back(id);
            plan.without_place.push_back(id);
        } else if (removable.contains(item.place.segment)) {
            plan.without_place.push_back(id);
        }
    }
    plan.removable.assign(removable.begin(), removable.end());
    return plan;
}

Result<Checkpoint> write_checkpoint(os::FileSystem& folder, const Loaded& loaded,
                                    const CompactionPlan& plan, const CheckpointOptions& options)
{
    static_cast<void>(folder.remove(part_name)); // of an attempt that was interrupted
    auto file = folder.open(part_name, os::OpenMode::create_new);
    if (!file) {
        return base::fail(std::move(file.error()));
    }
    FileHeader header;
    header.kind = FileKind::checkpoint;
    header.mark = loaded.mark;
    header.sequence = plan.covered;
    header.epoch = options.epoch;
    RecordWriter writer{**file, loaded.mark};
    writer.add_octets(encode(header));
    auto written = write_records(folder, loaded, plan, options, writer);
    const auto placed = written ? put_in_place(folder, **file, loaded, options.epoch)
                                : Result<void>{base::fail(base::Error{written.error()})};
    if (!placed) {
        static_cast<void>(folder.remove(part_name)); // gives the space back
        return base::fail(base::Error{placed.error()}.during("write the checkpoint"));
    }
    os::crash_point(CrashPoint::spool_after_checkpoint_move);
    written->durable = folder.sync_folder("");
    return written;
}

void remove_files(os::FileSystem& folder, const CompactionPlan& plan)
{
    if (plan.removable.empty() && plan.large.empty()) {
        return;
    }
    os::crash_point(CrashPoint::spool_before_segment_removal);
    for (const std::uint64_t sequence : plan.removable) {
        static_cast<void>(folder.remove(segment_name(sequence)));
    }
    for (const SpoolId& id : plan.large) {
        static_cast<void>(folder.remove(large_name(id)));
    }
    static_cast<void>(folder.sync_folder(segments_folder));
    static_cast<void>(folder.sync_folder(large_folder));
}

} // namespace watchpost::spool
