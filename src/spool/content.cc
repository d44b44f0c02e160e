#include "spool/content.h"

#include <algorithm>
#include <array>

#include "spool/crc32c.h"
#include "spool/format.h"

namespace watchpost::spool {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

base::Failure damaged(std::string what)
{
    return base::fail(ErrorCode::damaged, Retry::never, std::move(what));
}

/// Copies a range of a file to the sink; checks that it is what the receipt says.
Result<void> copy(const os::File& file, std::uint64_t offset, std::uint64_t octets,
                  const Receipt& receipt, const ByteSink& sink)
{
    base::Bytes buffer(std::min<std::uint64_t>(octets, Incoming::buffered_bytes_max));
    crypto::Sha256Hasher hasher;
    std::uint64_t done = 0;
    while (done < octets) {
        const auto wanted = std::min<std::uint64_t>(octets - done, buffer.size());
        auto got = file.read_at(std::span{buffer}.first(wanted), offset + done);
        if (!got) {
            return base::fail(std::move(got.error()));
        }
        if (*got == 0) {
            return damaged("the content is cut off after " + std::to_string(done) + " of " +
                           std::to_string(octets) + " octets");
        }
        const base::ByteView piece = base::ByteView{buffer}.first(*got);
        hasher.update(piece);
        if (auto taken = sink(piece); !taken) {
            return taken;
        }
        done += *got;
    }
    if (octets != receipt.octets || hasher.finish() != receipt.sha256) {
        return damaged("the content is not the message that was received (SHA-256 differs)");
    }
    return {};
}

/// A record's header and meta, read afresh and checked.
struct Found {
    RecordHeader header;
    ReceiptRecord record;
};

Result<Found> read_record(const os::File& file, const RecordPlace& place)
{
    RecordHeaderOctets octets{};
    auto got = file.read_at(octets, place.offset);
    if (!got) {
        return base::fail(std::move(got.error()));
    }
    const auto header = parse_record_header(base::ByteView{octets}.first(*got), place);
    if (!header) {
        return damaged("the record's header does not check out");
    }
    base::Bytes meta(header->meta_bytes);
    got = file.read_at(meta, place.offset + record_header_bytes);
    if (!got) {
        return base::fail(std::move(got.error()));
    }
    meta.resize(*got);
    auto record = crc32c(0, meta) == header->meta_crc ? parse_receipt(meta) : std::nullopt;
    if (!record) {
        return damaged("the record's receipt does not check out");
    }
    return Found{*header, std::move(*record)};
}

} // namespace

Result<void> read_large(os::FileSystem& folder, const SpoolId& id, const Receipt& receipt,
                        const ByteSink& sink)
{
    auto file = folder.open(large_name(id), os::OpenMode::read);
    if (!file) {
        return base::fail(std::move(file.error()));
    }
    auto size = (*file)->size();
    if (!size) {
        return base::fail(std::move(size.error()));
    }
    return copy(**file, 0, *size, receipt, sink);
}

Result<Receipt> read_receipt(os::FileSystem& folder, std::uint64_t mark, const SpoolId& id,
                             const Placement& place)
{
    auto file = folder.open(segment_name(place.segment), os::OpenMode::read);
    if (!file) {
        return base::fail(std::move(file.error()));
    }
    auto found = read_record(**file, {mark, place.segment, place.offset});
    if (!found) {
        return base::fail(std::move(found.error()));
    }
    if (found->record.id != id) {
        return damaged("the record is of another message");
    }
    return std::move(found->record.receipt);
}

Result<void> read_from_segment(os::FileSystem& folder, std::uint64_t mark, const SpoolId& id,
                               const Placement& place, const ByteSink& sink)
{
    auto file = folder.open(segment_name(place.segment), os::OpenMode::read);
    if (!file) {
        return base::fail(std::move(file.error()));
    }
    auto found = read_record(**file, {mark, place.segment, place.offset});
    if (!found) {
        return base::fail(std::move(found.error()));
    }
    if (found->record.id != id || found->header.kind != RecordKind::message) {
        return damaged("the record is of another message");
    }
    return copy(**file, place.offset + record_header_bytes + found->header.meta_bytes,
                found->header.body_bytes, found->record.receipt, sink);
}

} // namespace watchpost::spool
