// From the settings to what the collector works with. Functions are thread-safe.
#pragma once

#include "collector/places.h"
#include "config/settings.h"
#include "spool/spool.h"

namespace watchpost::app {

[[nodiscard]] collector::PollLimits to_poll_limits(const config::Settings& settings);

[[nodiscard]] spool::SpoolOptions to_spool_options(const config::Settings& settings);

} // namespace watchpost::app
