#include "unpack/ole.h"

#include <string_view>

#include "unpack/compound_file.h"
#include "unpack/ole_package.h"

namespace watchpost::unpack {
namespace {

using namespace std::string_view_literals;

/// The file that a packager put into the stream, as a member below it.
void unpack_package(const OleStream& stream, base::ByteView content, Meter& meter)
{
    const auto package =
        stream.path.ends_with("\1Ole10Native"sv) ? read_ole_package(content) : std::nullopt;
    if (!package || package->data.empty()) {
        return;
    }
    const auto name = stream.path + '/' + name_of(*package);
    const auto other_name = other_name_of(*package);
    Member member;
    member.name = name;
    member.other_name = other_name;
    member.bytes = package->data;
    meter.deliver_whole(member);
}

void unpack_stream_of(const CompoundFile& file, const OleStream& stream, Meter& meter,
                      base::Bytes& content)
{
    content.clear();
    auto stop = Stop::none;
    const bool is_whole = file.read(stream, [&](base::ByteView piece) {
        stop = meter.keep(piece, content);
        return stop == Stop::none;
    });
    meter.deliver({stream.path, content});
    if (stop != Stop::none) {
        meter.tell(stream.path, stop);
    } else if (!is_whole) {
        meter.tell(stream.path, "damaged_archive", "the stream ends before its size");
    }
}

} // namespace

void unpack_ole(base::ByteView bytes, Meter& meter)
{
    auto file = CompoundFile::open(bytes);
    if (!file) {
        meter.tell("", "damaged_archive", "the header of the compound file does not hold");
        return;
    }
    base::Bytes content;
    for (const auto& stream : file->streams(meter.entries_left() + 1)) {
        if (!meter.admit_entry()) {
            break;
        }
        unpack_stream_of(*file, stream, meter, content);
        unpack_package(stream, content, meter);
        if (meter.is_over()) {
            break;
        }
    }
    if (file->is_damaged()) {
        meter.tell("", "damaged_archive", "the directory or the sector tables do not hold");
    }
    if (file->is_cut() && !meter.is_over()) {
        meter.tell("", "limit_depth",
                   "storages deeper than " + std::to_string(CompoundFile::path_depth_max) +
                       " were not read");
    }
}

} // namespace watchpost::unpack
