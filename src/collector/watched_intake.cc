#include "collector/watched_intake.h"

#include <algorithm>
#include <utility>

namespace watchpost::collector {

using base::ErrorCode;
using base::Result;

Result<std::unique_ptr<spool::Incoming>> WatchedIntake::begin(std::uint64_t announced_octets)
{
    auto incoming = intake_.begin(announced_octets);
    if (!incoming && incoming.error().code() == ErrorCode::disk_full) {
        watcher_.on_disk(true);
    }
    return incoming;
}

Result<std::vector<spool::SpoolId>> WatchedIntake::commit(std::vector<spool::Arrival> batch)
{
    const auto messages = std::ranges::count_if(batch, [](const spool::Arrival& arrival) {
        return !spool::is_settled_from_start(arrival.receipt.completeness);
    });
    auto ids = intake_.commit(std::move(batch));
    if (ids) {
        watcher_.on_disk(false);
        watcher_.on_committed(static_cast<std::uint64_t>(messages));
    } else if (ids.error().code() == ErrorCode::disk_full) {
        watcher_.on_disk(true);
    }
    return ids;
}

} // namespace watchpost::collector
