#include "spool/room.h"

#include <limits>
#include <string_view>

#include "base/bytes.h"
#include "spool/format.h"

namespace watchpost::spool {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

constexpr std::chrono::minutes count_period{1};
constexpr std::uint64_t near_part = 16;  // of the limit: the last sixteenth is counted …
constexpr std::uint64_t step_part = 256; // … in such steps

std::uint64_t sum(std::uint64_t a, std::uint64_t b)
{
    return base::checked_add(a, b).value_or(std::numeric_limits<std::uint64_t>::max());
}

} // namespace

Result<void> Room::take(std::uint64_t octets)
{
    const std::lock_guard held{lock_};
    auto room = require(octets, Purpose::finish);
    taken_since_ += room ? octets : 0;
    return room;
}

Result<void> Room::expect(std::uint64_t octets)
{
    const std::lock_guard held{lock_};
    return require(octets, Purpose::begin);
}

Result<void> Room::require(std::uint64_t octets, Purpose purpose)
{
    const auto now = measure(octets);
    if (!now) {
        return base::fail(now.error());
    }
    const bool is_over = limits_.bytes_max != 0 && sum(now->used, octets) > limits_.bytes_max;
    const bool is_disk_over = now->free < sum(limits_.free_bytes_min, octets);
    is_paused_ = (is_paused_ || is_over || is_disk_over) && !has_spare(*now);
    if (is_over || is_disk_over || (is_paused_ && purpose == Purpose::begin)) {
        return refusal(*now, octets);
    }
    return {};
}

Result<void> Room::look()
{
    const std::lock_guard held{lock_};
    const auto now = measure(0);
    if (!now) {
        return base::fail(now.error());
    }
    const bool is_full = (limits_.bytes_max != 0 && now->used >= limits_.bytes_max) ||
                         now->free < limits_.free_bytes_min;
    is_paused_ = (is_paused_ || is_full) && !has_spare(*now);
    return is_paused_ ? Result<void>{refusal(*now, 0)} : Result<void>{};
}

std::uint64_t Room::message_bytes_max() const noexcept
{
    return limits_.bytes_max == 0 ? std::numeric_limits<std::uint64_t>::max()
                                  : limits_.bytes_max / 2;
}

/// The files are counted only where that may matter: near the limit, while paused, once a minute.
Result<Room::Measured> Room::measure(std::uint64_t octets)
{
    const auto free = folder_.free_bytes();
    if (!free) {
        return base::fail(free.error());
    }
    const auto used = sum(counted_ + taken_since_, octets);
    const bool is_near = is_paused_ || used > limits_.bytes_max ||
                         (used > limits_.bytes_max - limits_.bytes_max / near_part &&
                          taken_since_ > limits_.bytes_max / step_part) ||
                         std::chrono::steady_clock::now() >= count_again_at_;
    if (limits_.bytes_max != 0 && is_near) {
        if (auto counted = count_files(); !counted) {
            return base::fail(std::move(counted).error());
        }
    }
    return Measured{.used = counted_ + taken_since_, .free = *free};
}

Result<void> Room::count_files()
{
    std::uint64_t octets = 0;
    for (const auto folder : {std::string_view{}, segments_folder, large_folder}) {
        const auto here = folder_.octets_in(folder);
        if (!here) {
            return base::fail(base::Error{here.error()}.during("measure the spool"));
        }
        octets += *here;
    }
    counted_ = octets;
    taken_since_ = 0;
    count_again_at_ = std::chrono::steady_clock::now() + count_period;
    return {};
}

bool Room::is_over_spare(const Measured& now) const noexcept
{
    return limits_.bytes_max != 0 && now.used > limits_.bytes_max - limits_.bytes_max / spare_part;
}

bool Room::has_spare(const Measured& now) const noexcept
{
    return !is_over_spare(now) &&
           now.free >= sum(limits_.free_bytes_min, limits_.free_bytes_min / spare_free_part);
}

base::Failure Room::refusal(const Measured& now, std::uint64_t octets) const
{
    std::string text = folder_.describe();
    if (now.free < sum(limits_.free_bytes_min, octets)) {
        text += ": only " + base::to_readable_bytes(now.free) + " are free and " +
                base::to_readable_bytes(limits_.free_bytes_min) +
                " stay in reserve; make room, collecting goes on by itself";
    } else if (is_over_spare(now)) {
        text += ": the spool takes " + base::to_readable_bytes(now.used) + " of its limit of " +
                base::to_readable_bytes(limits_.bytes_max) +
                "; collecting goes on by itself once messages are inspected and a tenth of it is "
                "free, or raise the limit (spool.bytes_max, --spool-max-bytes)";
    } else if (limits_.bytes_max != 0 && sum(now.used, octets) > limits_.bytes_max) {
        text += ": the spool takes " + base::to_readable_bytes(now.used) + " of its limit of " +
                base::to_readable_bytes(limits_.bytes_max) + ", and a message or batch of " +
                base::to_readable_bytes(octets) +
                " more has no room; it is collected once messages before it are inspected, or "
                "raise the limit (spool.bytes_max, --spool-max-bytes)";
    } else {
        text += ": " + base::to_readable_bytes(now.free) +
                " are free, and collecting goes on by itself with " +
                base::to_readable_bytes(limits_.free_bytes_min +
                                        limits_.free_bytes_min / spare_free_part) +
                "; make room";
    }
    return base::fail(ErrorCode::disk_full, Retry::later, std::move(text));
}

} // namespace watchpost::spool
