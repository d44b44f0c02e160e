// What every process that the supervisor starts does first: die with it, become its user, catch
// SIGTERM; and how the supervisor writes that on its command line.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "os/sandbox.h"
#include "os/unique_fd.h"
#include "os/user.h"

namespace watchpost::app {

/// "--run-as UID:GID", or nothing where the child stays who it is.
[[nodiscard]] std::vector<std::string> run_as_arguments(const os::User& user);

/// What the supervisor tells every child.
struct ChildOptions {
    std::string run_as; // UID:GID; empty: it stays who it is
    std::filesystem::path state;
};

void declare(CLI::App& cli, ChildOptions& options);

struct BegunChild {
    os::UniqueFd stop;                 // as of stop_signals()
    std::vector<os::Measure> measures; // of its confinement, in force or not
};

/// `process` is a child of the process table, whose confinement is closed (node/confinement.h).
/// While the process has one thread. Afterwards it ends with its parent, gets no new privileges,
/// and shows its memory to nobody (no core dump, no tracing).
[[nodiscard]] base::Result<BegunChild> begin_child(std::string_view process,
                                                   const ChildOptions& options);

/// A sentence for each measure that is not in force, to be shown as long as the service runs. The
/// children have one kernel, so what one of them lacks all lack: one of them says it.
[[nodiscard]] std::vector<std::string>
confinement_warnings(const std::vector<os::Measure>& measures);

/// SIGTERM and SIGINT as a descriptor that becomes readable; they do not end the process any more.
/// Before the first thread is started.
[[nodiscard]] base::Result<os::UniqueFd> stop_signals();

} // namespace watchpost::app
