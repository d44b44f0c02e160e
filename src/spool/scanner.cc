#include "spool/scanner.h"

#include <algorithm>

#include "spool/crc32c.h"

namespace watchpost::spool {

using base::Result;

Result<base::ByteView> Window::at(std::uint64_t offset, std::size_t count)
{
    const bool is_here = offset >= start_ && offset - start_ <= buffer_.size() &&
                         buffer_.size() - (offset - start_) >= count;
    if (!is_here) {
        buffer_.resize(std::max(count, read_bytes_));
        auto got = file_->read_at(buffer_, offset);
        if (!got && unreadable_ != nullptr) {
            got = read_blocks(offset);
        }
        if (!got) {
            buffer_.clear();
            return base::fail(std::move(got.error()));
        }
        buffer_.resize(*got);
        start_ = offset;
    }
    return base::slice(buffer_, offset - start_, count);
}

/// Fills the buffer block by block, with zeros for what cannot be read.
Result<std::size_t> Window::read_blocks(std::uint64_t offset)
{
    const auto size = file_->size();
    if (!size) {
        return base::fail(base::Error{size.error()});
    }
    const std::uint64_t wanted =
        std::min<std::uint64_t>(buffer_.size(), *size - std::min(*size, offset));
    for (std::uint64_t at = 0; at < wanted; at += block_bytes) {
        const auto block =
            std::span{buffer_}.subspan(at, std::min<std::uint64_t>(block_bytes, wanted - at));
        if (!file_->read_at(block, offset + at)) {
            std::fill(block.begin(), block.end(), std::byte{0});
            unreadable_->push_back({offset + at, block.size()});
        }
    }
    return static_cast<std::size_t>(wanted);
}

Result<std::optional<RecordHeader>> Scanner::header_at(std::uint64_t offset)
{
    auto octets = window_.at(offset, record_header_bytes);
    if (!octets) {
        return base::fail(std::move(octets.error()));
    }
    if (offset + record_header_bytes > range_.end) {
        return std::nullopt;
    }
    return parse_record_header(*octets, {range_.mark, range_.sequence, offset});
}

Result<bool> Scanner::body_is_wrong(const RecordHeader& header, const Scanned& record)
{
    if (record.end > range_.end) {
        return true;
    }
    if (header.kind == RecordKind::gap || record.offset < range_.check_bodies_from) {
        return false;
    }
    auto body = window_.at(record.body_offset, header.body_bytes);
    if (!body) {
        return base::fail(std::move(body.error()));
    }
    return body->size() != header.body_bytes || crc32c(0, *body) != header.body_crc;
}

/// nullopt where header or meta do not check out.
Result<std::optional<Scanned>> Scanner::record_at(std::uint64_t offset)
{
    auto header = header_at(offset);
    if (!header) {
        return base::fail(std::move(header.error()));
    }
    if (!*header || offset + record_header_bytes + (*header)->meta_bytes > range_.end) {
        return std::nullopt;
    }
    auto meta = window_.at(offset + record_header_bytes, (*header)->meta_bytes);
    if (!meta) {
        return base::fail(std::move(meta.error()));
    }
    if (meta->size() != (*header)->meta_bytes || crc32c(0, *meta) != (*header)->meta_crc) {
        return std::nullopt;
    }
    Scanned record;
    record.kind = (*header)->kind;
    record.offset = offset;
    record.meta.assign(meta->begin(), meta->end());
    record.body_offset = offset + record_header_bytes + meta->size();
    record.body_bytes = (*header)->body_bytes;
    record.end = offset + (*header)->record_bytes();
    auto is_wrong = body_is_wrong(**header, record);
    if (!is_wrong) {
        return base::fail(std::move(is_wrong.error()));
    }
    record.body_is_damaged = *is_wrong;
    return record;
}

/// The offset of the next header that checks out, or the end of the range.
Result<std::uint64_t> Scanner::find_record(std::uint64_t from)
{
    const auto mark = mark_octets(range_.mark);
    while (from + record_header_bytes <= range_.end) {
        auto octets = window_.at(from, Window::read_bytes_min);
        if (!octets) {
            return base::fail(std::move(octets.error()));
        }
        const auto found = std::search(octets->begin(), octets->end(), mark.begin(), mark.end());
        const auto skipped = static_cast<std::uint64_t>(found - octets->begin());
        if (found == octets->end()) {
            if (skipped < Window::read_bytes_min) {
                break; // the file ends here
            }
            from += skipped - (mark_bytes - 1);
            continue;
        }
        auto header = header_at(from + skipped);
        if (!header) {
            return base::fail(std::move(header.error()));
        }
        if (*header) {
            return from + skipped;
        }
        from += skipped + 1;
    }
    return range_.end;
}

Result<ScanStep> Scanner::next()
{
    if (offset_ >= range_.end) {
        return ScanEnd{};
    }
    auto record = record_at(offset_);
    if (!record) {
        return base::fail(std::move(record.error()));
    }
    if (*record) {
        offset_ = std::min((*record)->end, range_.end);
        return std::move(**record);
    }
    auto next_offset = find_record(offset_ + 1);
    if (!next_offset) {
        return base::fail(std::move(next_offset.error()));
    }
    const Gap gap{offset_, *next_offset - offset_, *next_offset == range_.end};
    offset_ = *next_offset;
    return gap;
}

Result<void> scan(const os::File& file, const ScanRange& range,
                  const std::function<void(const Scanned&)>& on_record,
                  const std::function<void(const Gap&)>& on_gap, std::uint64_t from)
{
    Scanner scanner{file, range, from};
    while (true) {
        auto step = scanner.next();
        if (!step) {
            return base::fail(std::move(step.error()));
        }
        if (const Scanned* const record = std::get_if<Scanned>(&*step)) {
            on_record(*record);
        } else if (const Gap* const gap = std::get_if<Gap>(&*step)) {
            on_gap(*gap);
        } else {
            return {};
        }
    }
}

} // namespace watchpost::spool
