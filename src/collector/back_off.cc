#include "collector/back_off.h"

#include <algorithm>

namespace watchpost::collector {

BackOff::Delay BackOff::after_failure(double chance)
{
    Delay span = limits_.delay_min;
    for (unsigned i = 0; i < failures_ && span < limits_.delay_max; ++i) {
        span *= 2;
    }
    span = std::min(span, limits_.delay_max);
    ++failures_;
    const auto jitter = static_cast<double>(span.count()) / 2 * std::clamp(chance, 0.0, 1.0);
    return span / 2 + Delay{static_cast<Delay::rep>(jitter)};
}

} // namespace watchpost::collector
