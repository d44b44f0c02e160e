// Waiting for a descriptor, signals or not. Thread-safe.
#pragma once

#include "base/time.h"

namespace watchpost::os {

/// False where the deadline comes first. Readable is also what has ended or is broken.
[[nodiscard]] bool wait_until_readable(int fd, base::Deadline deadline) noexcept;

} // namespace watchpost::os
