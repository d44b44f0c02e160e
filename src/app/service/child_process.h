// What every process that the supervisor starts does first: die with it, become its user, catch
// SIGTERM; and how the supervisor writes that on its command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "node/state_folder.h"
#include "os/unique_fd.h"
#include "os/user.h"

namespace watchpost::app {

/// "--run-as UID:GID", or nothing where the child stays who it is.
[[nodiscard]] std::vector<std::string> run_as_arguments(const os::User& user);

/// `run_as` is the option's value, or empty; `process` a child of the process table, whose
/// confinement is closed (node/confinement.h). While the process has one thread. Afterwards it ends
/// with its parent, gets no new privileges, and shows its memory to nobody (no core dump, no
/// tracing).
[[nodiscard]] base::Result<void> begin_child(std::string_view process, const std::string& run_as,
                                             const node::StateFolder& state);

/// SIGTERM and SIGINT as a descriptor that becomes readable; they do not end the process any more.
/// Before the first thread is started.
[[nodiscard]] base::Result<os::UniqueFd> stop_signals();

} // namespace watchpost::app
