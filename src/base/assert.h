// Checks of our own invariants. Always compiled in; a broken one ends the process, since starting
// again is cheap and loses nothing. Never use them on input: hostile bytes are data, not a broken
// invariant.
#pragma once

namespace watchpost::base {

/// Prints the message with its place on standard error and aborts.
[[noreturn]] void assertion_failed(const char* what, const char* file, int line) noexcept;

} // namespace watchpost::base

#define WP_ASSERT(condition)                                                                       \
    ((condition) ? static_cast<void>(0)                                                            \
                 : ::watchpost::base::assertion_failed(#condition, __FILE__, __LINE__))

#define WP_UNREACHABLE(why) ::watchpost::base::assertion_failed(why, __FILE__, __LINE__)
