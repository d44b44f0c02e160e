#include "spool/recovery.h"

#include <algorithm>
#include <set>

#include "os/crash_point.h"
#include "spool/codec.h"
#include "spool/new_record.h"

namespace watchpost::spool {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

std::string octets_text(std::uint64_t octets)
{
    return std::to_string(octets) + (octets == 1 ? " octet" : " octets");
}

/// Writes what is there once more. The cache may show octets that a failed sync never brought to
/// the disk and that no later sync would: only a new write makes the kernel try again.
Result<void> write_again(os::File& file, std::uint64_t from, std::uint64_t to)
{
    base::Bytes buffer(Incoming::buffered_bytes_max);
    while (from < to) {
        const auto wanted = std::min<std::uint64_t>(to - from, buffer.size());
        auto got = file.read_at(std::span{buffer}.first(wanted), from);
        if (!got) {
            return base::fail(std::move(got.error()));
        }
        if (*got == 0) {
            break;
        }
        if (auto written = file.write_at(base::ByteView{buffer}.first(*got), from); !written) {
            return written;
        }
        from += *got;
    }
    return {};
}

/// The random end of an id: from the operating system, not to be guessed by who sends mail.
std::uint64_t new_mark()
{
    const base::Ulid ulid = base::Ulid::make();
    Decoder decoder{std::as_bytes(std::span{ulid.octets()}).last(mark_bytes)};
    return decoder.number<std::uint64_t>();
}

class Recovery {
public:
    Recovery(os::FileSystem& folder, std::uint64_t segment_bytes_max)
        : folder_{folder}
        , segment_bytes_max_{segment_bytes_max}
    {
    }

    Result<Recovered> run()
    {
        for (const auto step :
             {&Recovery::make_folders, &Recovery::load_all, &Recovery::write_identity,
              &Recovery::cut_abandoned_segments, &Recovery::mend_tail, &Recovery::remove_leftovers,
              &Recovery::remove_settled_segments, &Recovery::sync_folders,
              &Recovery::open_active}) {
            if (auto done = (this->*step)(); !done) {
                return base::fail(std::move(done.error()));
            }
        }
        for (const DamagedRange& range : recovered_.loaded.damage) {
            recovered_.notes.push_back({RecoveryNote::Kind::damaged, describe(range)});
        }
        return std::move(recovered_);
    }

private:
    static std::string describe(const DamagedRange& range)
    {
        return range.file + ", offset " + std::to_string(range.offset) + ", " +
               octets_text(range.octets) + ": " + range.what;
    }

    void mended(std::string text)
    {
        recovered_.notes.push_back({RecoveryNote::Kind::mended, std::move(text)});
    }

    Result<void> make_folders()
    {
        for (const std::string_view name : {segments_folder, large_folder}) {
            if (auto made = folder_.make_folder(name); !made) {
                return made;
            }
        }
        return {};
    }

    Result<void> load_all()
    {
        auto loaded = load(folder_, Verify::records);
        if (!loaded) {
            return base::fail(std::move(loaded.error()));
        }
        recovered_.loaded = std::move(*loaded);
        recovered_.epoch = recovered_.loaded.epoch + 1;
        if (recovered_.loaded.is_new) {
            recovered_.loaded.mark = new_mark();
        }
        return {};
    }

    Result<void> write_identity()
    {
        const std::string part = std::string{identity_name} + std::string{part_suffix};
        static_cast<void>(folder_.remove(part)); // of an opening that was interrupted
        auto file = folder_.open(part, os::OpenMode::create_new);
        if (!file) {
            return base::fail(std::move(file.error()));
        }
        FileHeader header;
        header.kind = FileKind::identity;
        header.mark = recovered_.loaded.mark;
        header.epoch = recovered_.epoch;
        if (auto written = (*file)->write_at(encode(header), 0); !written) {
            return written;
        }
        if (auto synced = (*file)->sync_data(); !synced) {
            return synced;
        }
        os::crash_point(os::CrashPoint::spool_before_identity_move);
        if (auto renamed = folder_.rename(part, identity_name); !renamed) {
            return renamed;
        }
        return folder_.sync_folder("");
    }

    /// Octets after the last good sync of a segment that was given up: nobody was told that they
    /// are ours, and their messages were fetched again.
    Result<void> cut_abandoned_segments()
    {
        for (auto& [sequence, facts] : recovered_.loaded.segments) {
            if (facts.end == facts.file_bytes) {
                continue;
            }
            if (auto cut = truncate(segment_name(sequence), facts.end); !cut) {
                return cut;
            }
            mended(segment_name(sequence) + ": took back " +
                   octets_text(facts.file_bytes - facts.end) +
                   " that could not be made durable and were never acknowledged");
            facts.file_bytes = facts.end;
        }
        return {};
    }

    Result<void> truncate(const std::string& name, std::uint64_t size)
    {
        auto file = folder_.open(name, os::OpenMode::read_write);
        if (!file) {
            return base::fail(std::move(file.error()));
        }
        if (auto truncated = (*file)->truncate(size); !truncated) {
            return truncated;
        }
        return (*file)->sync_data();
    }

    /// The last segment may hold what was never synced: torn writes go, whole records become
    /// durable.
    Result<void> mend_tail()
    {
        Tail& tail = recovered_.loaded.tail;
        if (tail.sequence <= recovered_.loaded.covered) {
            return {}; // there is none, or it was full
        }
        if (tail.is_unreadable) {
            return base::fail(ErrorCode::io_failed, Retry::never,
                              folder_.describe() + "/" + segment_name(tail.sequence) +
                                  ": the disk does not give the last octets; nothing was changed. "
                                  "Write out what can be read with `watchpost spool export`, then "
                                  "go on with a new folder");
        }
        auto file = folder_.open(segment_name(tail.sequence), os::OpenMode::read_write);
        if (!file) {
            return base::fail(std::move(file.error()));
        }
        os::crash_point(os::CrashPoint::spool_before_mend);
        for (const Gap& gap : tail.unfinished) {
            if (auto closed = close_gap(**file, gap); !closed) {
                return closed;
            }
        }
        const SegmentFacts& facts = recovered_.loaded.segments[tail.sequence];
        if (auto written = write_again(**file, tail.durable_until, facts.end); !written) {
            return written;
        }
        os::crash_point(os::CrashPoint::spool_in_mend);
        return (*file)->sync_data();
    }

    Result<void> close_gap(os::File& file, const Gap& gap)
    {
        const std::uint64_t sequence = recovered_.loaded.tail.sequence;
        const std::string name = segment_name(sequence);
        if (gap.reaches_end) {
            mended(name + ": cut off " + octets_text(gap.octets) + " of an unfinished write");
            SegmentFacts& facts = recovered_.loaded.segments[sequence];
            facts.end = gap.offset;
            facts.file_bytes = gap.offset;
            return file.truncate(gap.offset);
        }
        mended(name + ", offset " + std::to_string(gap.offset) + ": gave up " +
               octets_text(gap.octets) + " of an unfinished write");
        if (gap.octets < record_header_bytes) {
            return {}; // no record fits; every reader steps over it
        }
        RecordHeader header;
        header.kind = RecordKind::gap;
        header.body_bytes = static_cast<std::uint32_t>(gap.octets - record_header_bytes);
        return file.write_at(encode(header, {recovered_.loaded.mark, sequence, gap.offset}),
                             gap.offset);
    }

    Result<void> remove_leftovers()
    {
        for (const std::string& name : recovered_.loaded.leftovers) {
            if (auto removed = folder_.remove(name); !removed) {
                return removed;
            }
            mended(name + ": removed what an interrupted write left");
            if (const auto sequence =
                    parse_segment_file(std::string_view{name}.substr(name.find('/') + 1))) {
                recovered_.loaded.segments.erase(*sequence);
            }
        }
        return {};
    }

    /// What a compaction was about to remove: segments that no item of its checkpoint names.
    Result<void> remove_settled_segments()
    {
        Loaded& loaded = recovered_.loaded;
        std::set<std::uint64_t> needed;
        for (const auto& [id, item] : loaded.catalog.items()) {
            needed.insert(item.place.segment);
        }
        for (auto segment = loaded.segments.begin(); segment != loaded.segments.end();) {
            const auto& [sequence, facts] = *segment;
            if (sequence > loaded.covered || facts.has_damage || needed.contains(sequence)) {
                ++segment;
                continue;
            }
            if (auto removed = folder_.remove(segment_name(sequence)); !removed) {
                return removed;
            }
            segment = loaded.segments.erase(segment);
        }
        return {};
    }

    /// A name that the crash left in the cache must not be relied upon.
    Result<void> sync_folders()
    {
        for (const std::string_view name : {std::string_view{}, segments_folder, large_folder}) {
            if (auto synced = folder_.sync_folder(name); !synced) {
                return synced;
            }
        }
        return {};
    }

    Result<void> open_active()
    {
        const auto& segments = recovered_.loaded.segments;
        if (segments.empty() || segments.rbegin()->first <= recovered_.loaded.covered) {
            return {};
        }
        const auto& [sequence, facts] = *segments.rbegin();
        if (!facts.has_header || facts.has_damage || facts.end >= segment_bytes_max_) {
            return {};
        }
        auto file = folder_.open(segment_name(sequence), os::OpenMode::read_write);
        if (!file) {
            return base::fail(std::move(file.error()));
        }
        recovered_.active = std::make_shared<Segment>();
        recovered_.active->sequence = sequence;
        recovered_.active->file = std::move(*file);
        recovered_.active->end = facts.end;
        recovered_.active->synced = facts.end;
        return {};
    }

    os::FileSystem& folder_;
    std::uint64_t segment_bytes_max_;
    Recovered recovered_;
};

} // namespace

Result<Recovered> recover(os::FileSystem& folder, std::uint64_t segment_bytes_max)
{
    return Recovery{folder, segment_bytes_max}.run();
}

} // namespace watchpost::spool
