#include "spool/log.h"

#include <algorithm>

#include "base/assert.h"
#include "os/crash_point.h"

namespace watchpost::spool {

using base::Result;
using os::CrashPoint;

namespace {

std::uint64_t octets_of(const std::vector<NewRecord>& records)
{
    std::uint64_t octets = 0;
    for (const NewRecord& record : records) {
        octets += record.header.record_bytes();
    }
    return octets;
}

/// The header of the first record last: before it is there, a follower sees nothing of the batch,
/// and what needs room on the disk has been written then. So no message is handed out that the
/// write takes back, to be collected once more under another id.
Result<void> write_header_last(os::File& file, std::span<const base::ByteView> pieces,
                               std::uint64_t offset)
{
    const auto header = pieces.first(1);
    if (auto written = file.write_at(pieces.subspan(1), offset + header.front().size()); !written) {
        return written;
    }
    os::crash_point(CrashPoint::spool_in_append);
    return file.write_at(header, offset);
}

} // namespace

std::uint64_t Log::last_sealed() const noexcept
{
    if (active_) {
        return active_->sequence - 1;
    }
    return loaded_.segments.empty() ? loaded_.covered : loaded_.segments.rbegin()->first;
}

Result<void> Log::begin_segment()
{
    FileHeader header;
    header.kind = FileKind::segment;
    header.mark = loaded_.mark;
    header.epoch = epoch_;
    header.sequence = std::max(last_sealed() + (active_ ? 1 : 0), loaded_.covered) + 1;
    if (!loaded_.segments.empty()) {
        // Octets of failed writes and failed syncs may stand, or come back, behind this.
        header.previous = loaded_.segments.rbegin()->first;
        header.previous_end = loaded_.segments.rbegin()->second.end;
    }
    if (active_) {
        // Also where what follows fails: the header that says so may be on the disk by then.
        active_->is_closed = true;
    }
    os::crash_point(CrashPoint::spool_before_new_segment);
    auto segment = create_segment(folder_, header);
    if (!segment) {
        return base::fail(std::move(segment.error()));
    }
    active_ = std::move(*segment);
    loaded_.segments[header.sequence] = {active_->end, active_->end, true, false};
    return {};
}

/// Sees to it that `active_` takes that many octets more.
Result<void> Log::make_room(Lock& lock, std::uint64_t octets)
{
    while (active_) {
        const std::shared_ptr<Segment> segment = active_; // stays while the lock is given up
        const bool is_full =
            segment->end > file_header_bytes && segment->end + octets > segment_bytes_max_;
        if (segment->takes_records() && !is_full) {
            return {};
        }
        if (segment->failure || segment->synced == segment->end) {
            break;
        }
        // Where this fails the segment is abandoned; somebody else may have begun the next
        // meanwhile.
        static_cast<void>(wait_durable(lock, {segment, segment->end}));
    }
    return begin_segment();
}

Result<void> Log::write(std::vector<NewRecord>& records)
{
    std::vector<RecordHeaderOctets> headers;
    headers.reserve(records.size());
    std::vector<base::ByteView> pieces;
    std::vector<Segment::Waiting> waiting;
    std::uint64_t offset = active_->end;
    for (NewRecord& record : records) {
        headers.push_back(encode(record.header, {loaded_.mark, active_->sequence, offset}));
        pieces.insert(pieces.end(), {headers.back(), record.meta, record.body});
        if (record.item) {
            record.item->second.place.segment = active_->sequence;
            record.item->second.place.offset = offset;
        }
        offset += record.header.record_bytes();
        waiting.push_back({offset, record.item, record.mailbox, record.state});
    }
    os::crash_point(CrashPoint::spool_before_append);
    if (auto written = write_header_last(*active_->file, pieces, active_->end); !written) {
        // What was appended before is not touched; if the rest cannot be taken back, the segment
        // ends here.
        active_->is_closed = !active_->file->truncate(active_->end);
        return base::fail(std::move(written.error()).during("append to the spool"));
    }
    std::move(waiting.begin(), waiting.end(), std::back_inserter(active_->waiting));
    active_->end = offset;
    SegmentFacts& facts = loaded_.segments[active_->sequence];
    facts.end = offset;
    facts.file_bytes = offset;
    return {};
}

/// Notes whose segment was abandoned before they were durable.
std::vector<NewRecord> Log::lost_notes()
{
    std::vector<NewRecord> lost;
    for (const Pending& pending : pending_) {
        if (pending.position.segment->failure) {
            lost.push_back(pending.record);
        }
    }
    return lost;
}

Result<Log::Position> Log::append(Lock& lock, std::vector<NewRecord> records)
{
    if (auto room = make_room(lock, octets_of(records)); !room) {
        return base::fail(std::move(room.error()));
    }
    std::vector<NewRecord> all = lost_notes();
    if (active_->synced == active_->end && active_->end > active_->marked) {
        all.insert(all.begin(), make_record(RecordKind::durable, encode(epoch_)));
    }
    const bool has_mark = !all.empty() && all.front().header.kind == RecordKind::durable;
    const std::uint64_t mark_end =
        active_->end + (has_mark ? all.front().header.record_bytes() : 0);
    std::move(records.begin(), records.end(), std::back_inserter(all));
    if (auto written = write(all); !written) {
        return base::fail(std::move(written.error()));
    }
    active_->marked = has_mark ? mark_end : active_->marked;
    for (Pending& pending : pending_) {
        if (pending.position.segment->failure) {
            pending.position = {active_, active_->end};
        }
    }
    return Position{active_, active_->end};
}

void Log::on_synced(Segment& segment, std::uint64_t target)
{
    segment.synced = std::max(segment.synced, target);
    while (!segment.waiting.empty() && segment.waiting.front().end <= segment.synced) {
        const Segment::Waiting& waiting = segment.waiting.front();
        if (waiting.item) {
            loaded_.catalog.add(waiting.item->first, waiting.item->second, waiting.mailbox);
        }
        if (waiting.state) {
            loaded_.catalog.set_state(*waiting.state);
        }
        segment.waiting.pop_front();
    }
    std::erase_if(pending_, [&](const Pending& pending) {
        return pending.position.segment.get() == &segment && pending.position.end <= segment.synced;
    });
}

void Log::abandon(Segment& segment, base::Error failure)
{
    segment.failure = std::move(failure).during("make the spool durable");
    segment.waiting.clear();
    SegmentFacts& facts = loaded_.segments[segment.sequence];
    facts.end = segment.synced;
    // Only tidiness: the cut in the next segment's header is what counts.
    static_cast<void>(segment.file->truncate(segment.synced));
}

/// Syncs for everybody who appended so far; others wait, and more may append meanwhile.
void Log::sync(Lock& lock, const std::shared_ptr<Segment>& segment)
{
    const std::uint64_t target = segment->end;
    segment->is_syncing = true;
    lock.unlock();
    os::crash_point(CrashPoint::spool_before_sync);
    auto synced = segment->file->sync_data();
    if (synced) {
        os::crash_point(CrashPoint::spool_after_sync);
    }
    lock.lock();
    segment->is_syncing = false;
    if (synced) {
        on_synced(*segment, target);
    } else {
        abandon(*segment, std::move(synced.error()));
    }
    synced_.notify_all();
}

Result<void> Log::wait_durable(Lock& lock, const Position& position)
{
    // Copies: the caller's may change while the lock is given up.
    const std::shared_ptr<Segment> segment = position.segment;
    const std::uint64_t end = position.end;
    while (segment->synced < end) {
        if (segment->failure) {
            return base::fail(base::Error{*segment->failure});
        }
        if (segment->is_syncing) {
            synced_.wait(lock);
        } else {
            sync(lock, segment);
        }
    }
    return {};
}

Result<void> Log::note(Lock& lock, NewRecord record)
{
    std::vector<NewRecord> records{record};
    auto position = append(lock, std::move(records));
    if (!position) {
        return base::fail(std::move(position.error()));
    }
    pending_.push_back({*position, std::move(record)});
    return {};
}

Result<void> Log::flush(Lock& lock)
{
    while (!pending_.empty()) {
        if (pending_.front().position.segment->failure) {
            auto position = append(lock, {}); // writes the lost ones again
            if (!position) {
                return base::fail(std::move(position.error()));
            }
        }
        if (auto durable = wait_durable(lock, pending_.front().position); !durable) {
            return durable;
        }
    }
    return {};
}

Result<void> Log::seal_failures(Lock& lock)
{
    if (auto room = make_room(lock, 0); !room) {
        return room;
    }
    const std::shared_ptr<Segment> segment = active_;
    while (segment->is_syncing) {
        synced_.wait(lock);
    }
    if (!segment->failure) {
        sync(lock, segment); // also where nothing was appended: a truncation wants it
    }
    if (segment->failure) {
        return base::fail(base::Error{*segment->failure});
    }
    return {};
}

Result<void> Log::seal(Lock& lock)
{
    const std::shared_ptr<Segment> segment = active_;
    if (!segment || segment->end == file_header_bytes) {
        return {};
    }
    if (segment->takes_records()) {
        if (auto durable = wait_durable(lock, {segment, segment->end}); !durable) {
            return durable;
        }
        if (active_ != segment || segment->synced != segment->end) {
            return {};
        }
    }
    return begin_segment();
}

void Log::mark_durable()
{
    if (!active_ || !active_->takes_records() || active_->synced != active_->end ||
        active_->end == active_->marked) {
        return;
    }
    std::vector<NewRecord> mark;
    mark.push_back(make_record(RecordKind::durable, encode(epoch_)));
    static_cast<void>(write(mark)); // where it fails, the next open looks more closely
}

} // namespace watchpost::spool
