// Landlock by its system calls (Debian 12 has no library for it): gives up every right that the
// running kernel can take away. landlock(7), Linux 5.13 and later. Thread-safe; irreversible.
#pragma once

#include "os/sandbox.h"

namespace watchpost::os {

/// Needs no_new_privs. Never fails: what the kernel does not have is Measure::State::absent.
[[nodiscard]] Measure close_by_landlock();

} // namespace watchpost::os
