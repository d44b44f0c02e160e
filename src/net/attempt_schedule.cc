#include "net/attempt_schedule.h"

namespace watchpost::net {

std::optional<std::size_t> AttemptSchedule::begin(base::Deadline now)
{
    if (begun_ == attempts_ || now < next_) {
        return std::nullopt;
    }
    next_ = now + delay_;
    return begun_++;
}

void AttemptSchedule::note_failure(std::size_t attempt) noexcept
{
    if (attempt + 1 == begun_) {
        next_ = base::Deadline::min();
    }
}

std::optional<base::Deadline> AttemptSchedule::next() const noexcept
{
    return begun_ == attempts_ ? std::nullopt : std::optional{next_};
}

} // namespace watchpost::net
