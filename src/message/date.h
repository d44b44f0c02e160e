// The date-time of a Date or Received field. RFC 5322 §3.3 and, since old and careless programs
// write them, the obsolete forms of §4.3: two-digit years, zone names, comments. Thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace watchpost::message {

/// nullopt where day, month, year and time of day cannot be made out. An unknown zone is UTC, as
/// RFC 5322 §4.3 says.
[[nodiscard]] std::optional<base::Instant> parse_date(std::string_view text);

} // namespace watchpost::message
