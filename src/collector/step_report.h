// "Test connection" as the console shows it: its steps in a fixed order, each with its outcome.
// ConnectionTest of schema/openapi.yaml. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "collector/connection_test.h"
#include "collector/integration.h"

namespace watchpost::collector {

enum class StepOutcome : std::uint8_t {
    ok,
    warning, // it works, and somebody should look at it
    failed,
    skipped // it was not come to, or is not wanted
};

/// "ok", "warning", "failed", "skipped".
[[nodiscard]] std::string_view to_string(StepOutcome outcome) noexcept;
[[nodiscard]] std::optional<StepOutcome> parse_step_outcome(std::string_view text) noexcept;

struct StepReport {
    std::string step; // "resolve", "connect", "proxy", "tls", "certificate", "capabilities",
                      // "token", "log_in", "list"
    StepOutcome outcome = StepOutcome::skipped;
    std::string text; // quoted
};

struct TestReport {
    bool is_ok = false;
    std::vector<StepReport> steps; // all of them; "proxy" and "token" only where one is wanted
    std::optional<std::uint64_t> message_count;
    std::optional<std::uint64_t> octets;
};

[[nodiscard]] TestReport report_steps(const ConnectionTest& test, const Integration& integration);

/// Where nothing was tried at all, for a reason that lies in that step.
[[nodiscard]] TestReport report_not_tried(std::string_view step, const base::Error& error);

} // namespace watchpost::collector
