// An Intake that tells when messages became durable, and when there is no room for any. Thread
// rule: that of the intake behind it; the callbacks come from the committers' threads.
#pragma once

#include <functional>

#include "spool/intake.h"

namespace watchpost::collector {

class WatchedIntake final : public spool::Intake {
public:
    struct Watcher {
        std::function<void(std::uint64_t messages)> on_committed; // those that are to be inspected
        std::function<void(bool is_full)> on_disk; // after every try to store something
    };

    /// `intake` outlives this.
    WatchedIntake(spool::Intake& intake, Watcher watcher)
        : intake_{intake}
        , watcher_{std::move(watcher)}
    {
    }

    [[nodiscard]] base::Result<std::unique_ptr<spool::Incoming>>
    begin(std::uint64_t announced_octets) override;
    [[nodiscard]] base::Result<std::vector<spool::SpoolId>>
    commit(std::vector<spool::Arrival> batch) override;
    [[nodiscard]] base::Result<void> note(const std::vector<spool::SourceChange>& changes) override
    {
        return intake_.note(changes);
    }
    [[nodiscard]] base::Result<void> flush() override { return intake_.flush(); }
    [[nodiscard]] std::uint64_t message_bytes_max() const noexcept override
    {
        return intake_.message_bytes_max();
    }

private:
    spool::Intake& intake_;
    Watcher watcher_;
};

} // namespace watchpost::collector
