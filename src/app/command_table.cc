#include "app/command.h"

#include <array>

#include "app/commands/version.h"

namespace watchpost::app {

std::span<const Command> command_table() noexcept
{
    static constexpr std::array commands{
        Command{"version", "print the version", false, run_version},
    };
    return commands;
}

} // namespace watchpost::app
