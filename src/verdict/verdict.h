// What the findings of one message come to. Only this module combines; engines do not know each
// other.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "verdict/finding.h"

namespace watchpost::verdict {

enum class Outcome : std::uint8_t { clean, detected };
enum class Inspected : std::uint8_t { full, partial };

[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;
[[nodiscard]] std::string_view to_string(Inspected inspected) noexcept;

/// What the operator decides. Exclusions and VIP rules are later fields of it: they change what a
/// finding counts, never what is recorded.
struct Policy {
    Importance detected_from = Importance::low; // at least `low`: information is no detection
};

struct Verdict {
    Outcome outcome = Outcome::clean;
    Inspected inspected = Inspected::full;
    Importance importance = Importance::none;
    std::vector<Finding> findings;           // by importance, highest first; no two alike
    std::vector<NotInspected> not_inspected; // in the order in which they came; no two alike
};

/// Never fails. Each finding's importance is the table's (importance_of).
[[nodiscard]] Verdict combine(std::vector<Finding> findings,
                              std::vector<NotInspected> not_inspected, const Policy& policy = {});

} // namespace watchpost::verdict
