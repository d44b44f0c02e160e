// The system calls that an inspector may make, by the list in seccomp.cc. Irreversible; holds for
// all threads of the process.
#pragma once

#include "base/error.h"
#include "os/sandbox.h"

namespace watchpost::os {

/// Needs no_new_privs. An error leaves the process without a filter: it must not go on.
[[nodiscard]] base::Result<Measure> close_by_seccomp(const SandboxSettings& settings);

} // namespace watchpost::os
