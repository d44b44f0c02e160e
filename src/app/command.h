// One sub-command of `watchpost`. Each lies in a file of its own under commands/ and has a row in
// command_table.cc; main() knows nothing else.
#pragma once

#include <span>
#include <string_view>

namespace watchpost::app {

struct Command {
    std::string_view name;    // "collect"
    std::string_view summary; // one line for `watchpost --help`
    bool is_internal = false; // started by the program itself, left out of --help
    int (*run)(int argument_count,
               char** arguments); // arguments[0] is the command's name; exit code
};

[[nodiscard]] std::span<const Command> command_table() noexcept;

} // namespace watchpost::app
