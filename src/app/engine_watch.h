// Are the engines there? What the status says of them, and when something changes.
//
// clamd is asked at most every ask_every. Confined to one thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "config/settings.h"
#include "diag/log.h"
#include "inspect/leaf_scanner.h"
#include "pipeline/service_messages.h"

namespace watchpost::app {

class EngineWatch {
public:
    static constexpr std::chrono::seconds ask_every{10};
    static constexpr std::chrono::seconds answer_time_max{3};

    /// Both outlive it.
    EngineWatch(const config::Settings& settings, const diag::Log& log)
        : settings_{settings}
        , log_{log}
    {
    }

    /// The engines as they are now.
    [[nodiscard]] const std::vector<pipeline::EngineState>& look(base::Deadline now);

    /// Every engine that is on can be asked.
    [[nodiscard]] bool are_up() const noexcept { return is_clamd_up_; }

    /// `automatic` and found only now: the inspectors are to be made anew, once.
    [[nodiscard]] bool take_appeared() noexcept { return std::exchange(has_appeared_, false); }

private:
    [[nodiscard]] pipeline::EngineState look_at_clamd();

    const config::Settings& settings_;
    const diag::Log& log_;
    std::unique_ptr<inspect::LeafScanner> clamd_; // null while it is off
    std::optional<base::Deadline> asked_at_;
    std::vector<pipeline::EngineState> engines_;
    bool is_clamd_up_ = true;
    bool has_appeared_ = false;
};

} // namespace watchpost::app
