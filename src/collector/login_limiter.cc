#include "collector/login_limiter.h"

#include <algorithm>

#include "base/words.h"

namespace watchpost::collector {

std::vector<base::Instant> LoginLimiter::recent(base::Instant now) const
{
    std::vector<base::Instant> times;
    for (const auto time : refusals_) {
        if (now < time + window) {
            times.push_back(std::min(time, now));
        }
    }
    return times;
}

unsigned LoginLimiter::refusals_left(base::Instant now) const
{
    const auto used = static_cast<unsigned>(recent(now).size());
    return used < refusals_max ? refusals_max - used : 0;
}

base::Instant LoginLimiter::next_try(base::Instant now) const
{
    return refusals_left(now) > 0 ? now : recent(now).front() + window;
}

void LoginLimiter::note_refusals(unsigned count, base::Instant now)
{
    refusals_ = recent(now);
    refusals_.insert(refusals_.end(), count, now);
    if (refusals_.size() > refusals_max) {
        refusals_.erase(refusals_.begin(), refusals_.end() - refusals_max);
    }
}

bool LoginLimiter::bring_back(base::Instant now)
{
    bool has_changed = false;
    for (auto& time : refusals_) {
        has_changed = has_changed || time > now;
        time = std::min(time, now);
    }
    return has_changed;
}

std::string LoginLimiter::to_text() const
{
    std::string text;
    for (const auto time : refusals_) {
        text += (text.empty() ? "" : " ") + base::to_rfc3339(time);
    }
    return text;
}

std::optional<LoginLimiter> LoginLimiter::parse(std::string_view text)
{
    LoginLimiter limiter;
    while (!text.empty()) {
        const auto time = base::parse_rfc3339(base::take_word(text));
        if (!time || limiter.refusals_.size() == refusals_max) {
            return std::nullopt;
        }
        limiter.refusals_.push_back(*time);
    }
    return limiter;
}

} // namespace watchpost::collector
