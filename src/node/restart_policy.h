// How long a process that ended is left alone before it is started again: 1 s, doubling to 60 s;
// anew after ten quiet minutes (docs/adr/0011). Pure. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.h"

namespace watchpost::node {

class RestartPolicy {
public:
    static constexpr std::chrono::seconds pause_min{1};
    static constexpr std::chrono::seconds pause_max{60};
    static constexpr std::chrono::minutes quiet_time{10};

    /// It ran from `started` to `ended`: the pause from then on.
    [[nodiscard]] std::chrono::seconds next_pause(base::Deadline started, base::Deadline ended);

private:
    std::chrono::seconds pause_{0};
};

} // namespace watchpost::node
