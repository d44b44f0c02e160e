// The one place where net waits: poll(2) with a deadline and a cancellation.
#pragma once

#include <poll.h>

#include <span>

#include "base/error.h"
#include "base/time.h"
#include "net/stream.h"

namespace watchpost::net {

/// cancelled or timed_out if it is so already; costs no system call.
[[nodiscard]] base::Result<void> check_going_on(base::Deadline deadline,
                                                const Cancellation& cancellation);

/// Waits until one of `fds` is ready, at most until `deadline`: then timed_out. The last place of
/// `fds` belongs to the cancellation and is filled in here.
[[nodiscard]] base::Result<void> wait_for_any(std::span<pollfd> fds, base::Deadline deadline,
                                              const Cancellation& cancellation);

/// Waits until `fd` is ready for `events` (POLLIN, POLLOUT) or broken.
[[nodiscard]] base::Result<void> wait_for(int fd, short events, base::Deadline deadline,
                                          const Cancellation& cancellation);

} // namespace watchpost::net
