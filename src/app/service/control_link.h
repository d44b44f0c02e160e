// How a command asks the running service: one call to control over its socket.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "base/error.h"

namespace watchpost::app {

/// "--state" of a command; `state` holds the default.
void declare_state(CLI::App& cli, std::string& state);

/// The answer's JSON.
[[nodiscard]] base::Result<std::string> ask_control(const std::string& state,
                                                    std::string_view method,
                                                    const std::string& json,
                                                    std::chrono::seconds time_max);

/// The error in one line, with what helps.
[[nodiscard]] std::string explain(const base::Error& error);

} // namespace watchpost::app
