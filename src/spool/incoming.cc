#include "spool/incoming.h"

#include <algorithm>

#include "base/assert.h"
#include "os/crash_point.h"
#include "spool/format.h"

namespace watchpost::spool {

using base::Result;
using os::CrashPoint;

namespace {

std::string part_name(const SpoolId& id)
{
    return large_name(id) + std::string{part_suffix};
}

} // namespace

IncomingMessage::IncomingMessage(os::FileSystem& folder, Room& room, std::uint64_t announced_octets)
    : folder_{folder}
    , room_{room}
{
    buffer_.reserve(std::min<std::uint64_t>(announced_octets, buffered_bytes_max));
}

IncomingMessage::~IncomingMessage()
{
    if (file_ && !is_given_up_) {
        // Where this fails the next open does it.
        static_cast<void>(folder_.remove(is_stored_ ? large_name(id_) : part_name(id_)));
    }
}

Result<void> IncomingMessage::append(base::ByteView bytes)
{
    WP_ASSERT(!digest_);
    if (!failure_) {
        if (auto taken = take(bytes); !taken) {
            failure_ = std::move(taken.error()).during("store a large message");
        }
    }
    if (failure_) {
        return base::fail(base::Error{*failure_});
    }
    return {};
}

Result<void> IncomingMessage::take(base::ByteView bytes)
{
    hasher_.update(bytes);
    octets_ += bytes.size();
    while (!bytes.empty()) {
        if (buffer_.size() == buffered_bytes_max) {
            if (auto written = write_buffer(); !written) {
                return written;
            }
        }
        const base::ByteView piece =
            bytes.first(std::min(bytes.size(), buffered_bytes_max - buffer_.size()));
        make_room_for(piece.size());
        buffer_.insert(buffer_.end(), piece.begin(), piece.end());
        bytes = bytes.subspan(piece.size());
    }
    return {};
}

/// More comes than was announced: the buffer doubles, but never over its bound.
void IncomingMessage::make_room_for(std::size_t octets)
{
    const auto wanted = buffer_.size() + octets;
    if (wanted > buffer_.capacity()) {
        buffer_.reserve(std::max(wanted, std::min(2 * buffer_.capacity(), buffered_bytes_max)));
    }
}

Result<crypto::Sha256> IncomingMessage::finish()
{
    if (!digest_) {
        digest_ = hasher_.finish();
        if (file_ && !failure_) {
            if (auto written = write_buffer(); !written) {
                failure_ = std::move(written.error()).during("store a large message");
            }
            base::Bytes{}.swap(buffer_);
        }
    }
    return failure_ ? Result<crypto::Sha256>{base::fail(base::Error{*failure_})} : *digest_;
}

Result<void> IncomingMessage::begin_file()
{
    auto file = folder_.open(part_name(id_), os::OpenMode::create_new);
    if (!file) {
        return base::fail(std::move(file.error()));
    }
    file_ = std::move(*file);
    return {};
}

Result<void> IncomingMessage::write_buffer()
{
    if (auto room = room_.take(buffer_.size()); !room) {
        return room;
    }
    if (!file_) {
        if (auto begun = begin_file(); !begun) {
            return begun;
        }
    }
    if (auto written = file_->write_at(buffer_, written_); !written) {
        return written;
    }
    written_ += buffer_.size();
    buffer_.clear();
    return written_ - synced_ > unsynced_bytes_max ? sync_file() : Result<void>{};
}

Result<void> IncomingMessage::sync_file()
{
    if (auto synced = file_->sync_data(); !synced) {
        return synced; // this message is given up: a second sync would prove nothing
    }
    synced_ = written_;
    return {};
}

Result<void> IncomingMessage::store_file()
{
    WP_ASSERT(file_ && digest_ && !is_stored_);
    os::crash_point(CrashPoint::spool_before_large_sync);
    if (auto synced = sync_file(); !synced) {
        return synced;
    }
    os::crash_point(CrashPoint::spool_before_large_move);
    if (auto renamed = folder_.rename(part_name(id_), large_name(id_)); !renamed) {
        return renamed;
    }
    is_stored_ = true;
    return {};
}

} // namespace watchpost::spool
