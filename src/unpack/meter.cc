#include "unpack/meter.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <utility>

namespace watchpost::unpack {
namespace {

std::uint64_t left_of(std::uint64_t limit, std::uint64_t used)
{
    return used < limit ? limit - used : 0;
}

std::uint64_t ratio_allows(const Limits& limits, std::uint64_t packed_bytes)
{
    const auto by_ratio = base::checked_multiply(packed_bytes, limits.ratio_max);
    return std::max(by_ratio.value_or(std::numeric_limits<std::uint64_t>::max()),
                    limits.ratio_free_bytes);
}

} // namespace

std::string_view to_string(Stop stop) noexcept
{
    switch (stop) {
    case Stop::none:
        return "";
    case Stop::members:
        return "limit_members";
    case Stop::member_bytes:
        return "limit_member_bytes";
    case Stop::total_bytes:
        return "limit_total_bytes";
    case Stop::ratio:
        return "limit_ratio";
    case Stop::timed_out:
        return "timed_out";
    }
    return "";
}

std::string describe(Stop stop, const Limits& limits)
{
    switch (stop) {
    case Stop::none:
        return "";
    case Stop::members:
        return "the message holds more than " + std::to_string(limits.members_max) +
               " archive entries; the rest was not read";
    case Stop::member_bytes:
        return "the member is larger than " + base::to_readable_bytes(limits.member_bytes_max) +
               "; the rest of it was not looked at";
    case Stop::total_bytes:
        return "the archives of the message unpack to more than " +
               base::to_readable_bytes(limits.total_bytes_max) + "; the rest was not read";
    case Stop::ratio:
        return "the archive unpacks to more than " + std::to_string(limits.ratio_max) +
               " times its size; the rest was not read";
    case Stop::timed_out:
        return "the time for unpacking was over; the rest was not read";
    }
    return "";
}

Meter::Meter(const Limits& limits, Usage& usage, base::Deadline deadline,
             std::uint64_t packed_bytes, MemberSink& sink)
    : limits_{limits}
    , usage_{usage}
    , deadline_{deadline}
    , sink_{sink}
    , container_bytes_max_{ratio_allows(limits, packed_bytes)}
{
}

std::uint64_t Meter::entries_left() const noexcept
{
    return left_of(limits_.members_max, usage_.members);
}

bool Meter::admit_entry()
{
    auto stop = Stop::none;
    if (usage_.members >= limits_.members_max) {
        stop = Stop::members;
    } else if (usage_.bytes >= limits_.total_bytes_max) {
        stop = Stop::total_bytes;
    } else if (std::chrono::steady_clock::now() >= deadline_) {
        stop = Stop::timed_out;
    }
    if (stop != Stop::none) {
        is_over_ = true;
        tell("", stop);
        return false;
    }
    ++usage_.members;
    member_bytes_ = 0;
    return true;
}

Meter::Counted Meter::count(base::ByteView bytes)
{
    if (std::chrono::steady_clock::now() >= deadline_) {
        is_over_ = true;
        return {{}, Stop::timed_out};
    }
    struct Left {
        std::uint64_t bytes;
        Stop stop;
    };
    const std::array<Left, 3> left{
        {{left_of(limits_.total_bytes_max, usage_.bytes), Stop::total_bytes},
         {left_of(container_bytes_max_, container_bytes_), Stop::ratio},
         {left_of(limits_.member_bytes_max, member_bytes_), Stop::member_bytes}}};
    const auto tightest = *std::ranges::min_element(left, {}, &Left::bytes);
    const auto kept = bytes.first(std::min<std::uint64_t>(bytes.size(), tightest.bytes));
    usage_.bytes += kept.size();
    container_bytes_ += kept.size();
    member_bytes_ += kept.size();
    if (kept.size() == bytes.size()) {
        return {kept, Stop::none};
    }
    is_over_ = tightest.stop != Stop::member_bytes;
    return {kept, tightest.stop};
}

Stop Meter::keep(base::ByteView bytes, base::Bytes& content)
{
    const auto counted = count(bytes);
    content.insert(content.end(), counted.bytes.begin(), counted.bytes.end());
    return counted.stop;
}

void Meter::pass_over(std::size_t count)
{
    container_bytes_ += count;
    auto stop = Stop::none;
    if (container_bytes_ > container_bytes_max_) {
        stop = Stop::ratio;
    } else if (std::chrono::steady_clock::now() >= deadline_) {
        stop = Stop::timed_out;
    }
    if (stop != Stop::none) {
        is_over_ = true;
        tell("", stop);
    }
}

bool Meter::has_time()
{
    if (!is_over_ && std::chrono::steady_clock::now() >= deadline_) {
        is_over_ = true;
        tell("", Stop::timed_out);
    }
    return !is_over_;
}

void Meter::deliver(const Member& member)
{
    sink_.on_member(member);
}

void Meter::deliver_whole(Member member)
{
    if (is_over_ || !admit_entry()) {
        return;
    }
    const auto counted = count(member.bytes);
    member.bytes = counted.bytes;
    deliver(member);
    if (counted.stop != Stop::none) {
        tell(std::string{member.name}, counted.stop);
    }
}

void Meter::tell(std::string member, std::string reason, std::string detail)
{
    if (++gaps_[reason] <= gaps_max) {
        sink_.on_gap({std::move(member), std::move(reason), std::move(detail)});
    }
}

void Meter::tell(std::string member, Stop stop)
{
    tell(std::move(member), std::string{to_string(stop)}, describe(stop, limits_));
}

void Meter::close()
{
    for (const auto& [reason, count] : gaps_) {
        if (count > gaps_max) {
            sink_.on_gap({"", reason, std::to_string(count - gaps_max) + " further members"});
        }
    }
    gaps_.clear();
}

} // namespace watchpost::unpack
