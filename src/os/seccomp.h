// The system calls that a sandboxed process may make, by the lists in seccomp.cc. Irreversible;
// holds for all threads of the process.
#pragma once

#include "base/error.h"
#include "os/sandbox.h"

namespace watchpost::os {

/// Needs no_new_privs. An error leaves the process without a filter: it must not go on.
[[nodiscard]] base::Result<Measure> close_by_seccomp(const SandboxSettings& settings);

/// In a child that is about to become the program of SandboxSettings::program_fd: refuses what only
/// its parent needs (messages, signals, memory files).
[[nodiscard]] base::Result<void> close_program_in();

} // namespace watchpost::os
