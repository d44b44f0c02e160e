// `watchpost COMMAND …`: finds the command in the table and runs it.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string_view>

#include "app/command.h"

namespace {

using watchpost::app::Command;
using watchpost::app::command_table;

void print_usage(std::FILE* out)
{
    std::fputs("Usage: watchpost COMMAND [OPTIONS]\n\nCommands:\n", out);
    for (const Command& command : command_table()) {
        if (!command.is_internal) {
            std::fprintf(out, "  %-12.*s %.*s\n", static_cast<int>(command.name.size()),
                         command.name.data(), static_cast<int>(command.summary.size()),
                         command.summary.data());
        }
    }
    std::fputs("\n`watchpost COMMAND --help` tells a command's options.\n", out);
}

/// A closed standard stream's number would go to the next file that is opened, and be read or
/// written in its place. Reading what is open for writing alone fails, and the other way round.
void keep_standard_streams()
{
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) < 0) {
            static_cast<void>(::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    keep_standard_streams();
    std::signal(SIGCHLD, SIG_DFL); // inherited as ignored it would throw our children's ends away
    std::signal(SIGPIPE, SIG_IGN); // a reader that went away is a write error, not our death
    if (argc < 2) {
        print_usage(stderr);
        return 2;
    }
    const std::string_view name{argv[1]};
    if (name == "--help" || name == "-h" || name == "help") {
        print_usage(stdout);
        return 0;
    }
    const std::string_view wanted = name == "--version" ? "version" : name;
    for (const Command& command : command_table()) {
        if (command.name == wanted) {
            return command.run(argc - 1, argv + 1);
        }
    }
    std::fprintf(stderr, "watchpost: there is no command '%s'; `watchpost --help` lists them\n",
                 argv[1]);
    return 2;
}
