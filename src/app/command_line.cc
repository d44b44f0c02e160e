#include "app/command_line.h"

#include <cstdio>
#include <string>

#include "diag/quote.h"

namespace watchpost::app {
namespace {

/// "watchpost admin", or "watchpost admin reset-password" where it came that far.
std::string name_of(const CLI::App& cli)
{
    auto name = cli.get_name();
    for (const auto* chosen : cli.get_subcommands()) {
        name += " " + chosen->get_name();
    }
    return name;
}

bool lacks_command(const CLI::App& cli)
{
    return cli.get_require_subcommand_min() > 0 && cli.get_subcommands().empty();
}

/// What was typed where a command of the command should stand, and what may stand there.
std::string lacking_command(const CLI::App& cli)
{
    const auto typed = cli.remaining();
    std::string text = typed.empty()
                           ? std::string{"name one of its commands:"}
                           : "\"" + diag::quote(typed.front()) + "\" is none of its commands:";
    const char* separator = " ";
    for (const auto* command : cli.get_subcommands({})) {
        text += separator + command->get_name();
        separator = ", ";
    }
    return text;
}

} // namespace

std::optional<int> read_options(CLI::App& cli, int argument_count, char** arguments)
{
    try {
        cli.parse(argument_count, arguments);
    } catch (const CLI::CallForHelp&) {
        std::fputs(cli.help().c_str(), stdout);
        return 0;
    } catch (const CLI::ParseError& error) {
        const auto name = name_of(cli);
        const auto fault = lacks_command(cli) ? lacking_command(cli) : diag::quote(error.what());
        std::fprintf(stderr, "%s: %s; `%s --help` tells the options\n", name.c_str(), fault.c_str(),
                     name.c_str());
        return exit_usage;
    }
    return std::nullopt;
}

} // namespace watchpost::app
