// When the next of several addresses is tried: RFC 8305 §5 without sockets and without a clock.
//
// An attempt begins when the one before has failed, or has not ended for the attempt delay; none is
// given up for the next. Times come from the caller. Not thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "base/time.h"

namespace watchpost::net {

class AttemptSchedule {
public:
    AttemptSchedule(std::size_t attempts, std::chrono::milliseconds delay) noexcept
        : attempts_{attempts}
        , delay_{delay}
    {
    }

    /// The number of the attempt that begins now, counted from 0; nullopt where none is due.
    [[nodiscard]] std::optional<std::size_t> begin(base::Deadline now);

    /// The attempt with this number has failed. Only the failure of the newest one calls for the
    /// next at once: an older one has been replaced already.
    void note_failure(std::size_t attempt) noexcept;

    /// When begin() has the next one; nullopt where there is none left.
    [[nodiscard]] std::optional<base::Deadline> next() const noexcept;

private:
    std::size_t attempts_;
    std::chrono::milliseconds delay_;
    std::size_t begun_ = 0;
    base::Deadline next_ = base::Deadline::min();
};

} // namespace watchpost::net
