#include "app/service/collector_setup.h"

#include <algorithm>

namespace watchpost::app {

namespace {

/// With less there is no room for a segment, a checkpoint and a message.
constexpr std::uint64_t spool_bytes_least = std::uint64_t{16} << 20U;

} // namespace

collector::PollLimits to_poll_limits(const config::Settings& settings)
{
    const auto& from = settings.collector;
    return {.connections_max = from.connections_max,
            .connections_per_server_max = from.connections_per_server_max,
            .log_in_interval = std::chrono::milliseconds{from.log_in_interval_ms},
            .turn_time_max = std::chrono::seconds{from.turn_seconds_max},
            .turn_messages_max = from.turn_messages_max,
            .known_messages_max = from.known_messages_max};
}

spool::SpoolOptions to_spool_options(const config::Settings& settings)
{
    spool::SpoolOptions options;
    const auto limit = settings.spool.bytes_max;
    options.bytes_max = limit == 0 ? 0 : std::max(limit, spool_bytes_least);
    options.free_bytes_min = settings.spool.free_bytes_min;
    return options;
}

} // namespace watchpost::app
