// How a command reads its options: help goes to standard output; what is wrong becomes one line on
// standard error that names the command, the fault and where the options are told.
#pragma once

#include <optional>

#include <CLI/CLI.hpp>

namespace watchpost::app {

inline constexpr int exit_usage = 2; // the options are wrong, nothing was done

/// Nothing where the command may go on; else its exit code: 0 after help, or exit_usage.
[[nodiscard]] std::optional<int> read_options(CLI::App& cli, int argument_count, char** arguments);

} // namespace watchpost::app
