// The reasons for which something was not inspected, each with a sentence for an officer.
// Immutable.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace watchpost::verdict {

struct GapRow {
    std::string_view reason; // NotInspected::reason
    std::string_view sentence;
    std::string_view advice;
};

[[nodiscard]] std::span<const GapRow> gap_table() noexcept;

/// The row of that reason, or null.
[[nodiscard]] const GapRow* find_gap(std::string_view reason) noexcept;

/// The reason to record where an engine answered with this error: "engine_limit",
/// "engine_timed_out", else "engine_unavailable".
[[nodiscard]] std::string_view gap_reason(base::ErrorCode code) noexcept;

/// The chapter of docs/findings.md.
[[nodiscard]] std::string gaps_as_markdown();

} // namespace watchpost::verdict
