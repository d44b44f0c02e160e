#include "collector/places.h"

#include <algorithm>

#include "base/assert.h"

namespace watchpost::collector {

std::size_t Places::share_of(Standing standing) const noexcept
{
    const auto quarter = limits_.connections_max / 4;
    if (quarter == 0) {
        return limits_.connections_max; // too few to be shared out
    }
    switch (standing) {
    case Standing::good:
        return limits_.connections_max;
    case Standing::untried:
        return limits_.connections_max - quarter;
    case Standing::doubtful:
        return quarter;
    }
    return 0;
}

Places::Answer Places::ask(const Wish& wish, SteadyTime now) const
{
    const auto standing = wish.standing;
    const auto found = servers_.find(wish.server);
    if (found != servers_.end() && found->second.taken >= limits_.connections_per_server_max) {
        return Answer::server_full;
    }
    if (taken_ >= limits_.connections_max) {
        return Answer::all_taken;
    }
    const bool is_lane_full =
        (standing == Standing::doubtful && doubtful_ >= share_of(Standing::doubtful)) ||
        (standing != Standing::good && doubtful_ + untried_ >= share_of(Standing::untried));
    if (is_lane_full) {
        return Answer::lane_full;
    }
    if (is_large(wish) && known_ > 0 && known_ + wish.known > limits_.known_messages_max) {
        return Answer::no_memory;
    }
    return found != servers_.end() && now < found->second.not_before ? Answer::too_soon
                                                                     : Answer::yes;
}

bool Places::would_help(const Wish& holder, const Wish& waiting, Answer answer) const noexcept
{
    switch (answer) {
    case Answer::yes:
    case Answer::too_soon:
        return false;
    case Answer::server_full:
        return holder.server == waiting.server;
    case Answer::all_taken:
        return true;
    case Answer::lane_full:
        return holder.standing == Standing::doubtful ||
               (holder.standing == Standing::untried && (waiting.standing == Standing::untried ||
                                                         doubtful_ < share_of(Standing::doubtful)));
    case Answer::no_memory:
        return is_large(holder);
    }
    return false;
}

SteadyTime Places::not_before(const std::string& server) const
{
    const auto found = servers_.find(server);
    return found == servers_.end() ? SteadyTime{} : found->second.not_before;
}

void Places::take(const Wish& wish, SteadyTime now, double chance)
{
    forget_idle(now);
    auto& place = servers_[wish.server];
    WP_ASSERT(taken_ < limits_.connections_max && place.taken < limits_.connections_per_server_max);
    ++taken_;
    ++place.taken;
    doubtful_ += wish.standing == Standing::doubtful ? 1 : 0;
    known_ += is_large(wish) ? wish.known : 0;
    untried_ += wish.standing == Standing::untried ? 1 : 0;
    const double factor = 0.5 + std::clamp(chance, 0.0, 1.0);
    place.not_before =
        now + std::chrono::duration_cast<SteadyTime::duration>(limits_.log_in_interval * factor);
}

void Places::give_back(const Wish& wish)
{
    auto& place = servers_.at(wish.server);
    WP_ASSERT(taken_ > 0 && place.taken > 0);
    --taken_;
    --place.taken;
    doubtful_ -= wish.standing == Standing::doubtful ? 1 : 0;
    known_ -= is_large(wish) ? wish.known : 0;
    untried_ -= wish.standing == Standing::untried ? 1 : 0;
}

void Places::forget_idle(SteadyTime now)
{
    std::erase_if(servers_, [&](const auto& row) {
        return row.second.taken == 0 && row.second.not_before <= now;
    });
}

} // namespace watchpost::collector
