// Times as the product means them: UTC, microseconds, RFC 3339 at every border.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace watchpost::base {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Deadline = std::chrono::steady_clock::time_point; // every wait has one

/// The wall clock, now.
[[nodiscard]] Instant now();

/// How long it is until then, for poll(2): rounded up, since a wait that ends early would spin
/// through the last millisecond; 0 where it is over, at most eleven days.
[[nodiscard]] int milliseconds_until(Deadline deadline) noexcept;

/// "2026-11-24T06:41:23.123456Z"; whole seconds without a fraction. RFC 3339 §5.6.
[[nodiscard]] std::string to_rfc3339(Instant time);

/// What to_rfc3339 writes; nullopt for anything else.
[[nodiscard]] std::optional<Instant> parse_rfc3339(std::string_view text);

} // namespace watchpost::base
