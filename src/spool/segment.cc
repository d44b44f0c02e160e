#include "spool/segment.h"

#include "os/crash_point.h"

namespace watchpost::spool {

using base::Result;

namespace {

Result<std::unique_ptr<os::File>> create_file(os::FileSystem& folder, const FileHeader& header)
{
    const std::string name = segment_name(header.sequence);
    // A file of that name is what an interrupted creation left: it was never used, since using it
    // comes after its name was made durable.
    static_cast<void>(folder.remove(name));
    auto file = folder.open(name, os::OpenMode::create_new);
    if (!file) {
        return base::fail(std::move(file.error()));
    }
    if (auto written = (*file)->write_at(encode(header), 0); !written) {
        return base::fail(std::move(written.error()));
    }
    os::crash_point(os::CrashPoint::spool_in_new_segment);
    if (auto synced = (*file)->sync_data(); !synced) {
        return base::fail(std::move(synced.error()));
    }
    if (auto synced = folder.sync_folder(segments_folder); !synced) {
        return base::fail(std::move(synced.error()));
    }
    return file;
}

} // namespace

Result<std::shared_ptr<Segment>> create_segment(os::FileSystem& folder, const FileHeader& header)
{
    auto file = create_file(folder, header);
    if (!file) {
        static_cast<void>(folder.remove(segment_name(header.sequence)));
        return base::fail(std::move(file.error()).during("begin a new segment"));
    }
    auto segment = std::make_shared<Segment>();
    segment->sequence = header.sequence;
    segment->file = std::move(*file);
    segment->end = file_header_bytes;
    segment->synced = file_header_bytes;
    segment->marked = file_header_bytes;
    return segment;
}

} // namespace watchpost::spool
