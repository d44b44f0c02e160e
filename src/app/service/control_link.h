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

/// The answer's JSON. Where control cannot be reached the error says what to look at.
[[nodiscard]] base::Result<std::string> ask_control(const std::string& state,
                                                    std::string_view method,
                                                    const std::string& json,
                                                    std::chrono::seconds time_max);

} // namespace watchpost::app
