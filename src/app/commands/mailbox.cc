#include "app/commands/mailbox.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

#include "api/backend.h"
#include "app/command_line.h"
#include "app/mailbox/mailbox_output.h"
#include "app/service/control_link.h"
#include "app/service/serve_options.h"
#include "control/messages.h"

namespace watchpost::app {
namespace {

constexpr int exit_failed = 3;
constexpr std::chrono::seconds answer_time_max{30};

struct Typed {
    std::string state = default_state_folder;
    std::string mailbox;
    bool is_json = false;
    bool has_steps = false;
    bool is_all = false;
    bool is_end = false;
    std::uint32_t last = 0;
};

CLI::App& add(CLI::App& cli, Typed& typed, const char* name, const char* what)
{
    auto& command = *cli.add_subcommand(name, what);
    declare_state(command, typed.state);
    command.add_flag("--json", typed.is_json, "Print the API's answer instead (docs/api.md)");
    return command;
}

CLI::App& add_about_one(CLI::App& cli, Typed& typed, const char* name, const char* what)
{
    auto& command = add(cli, typed, name, what);
    command.add_option("MAILBOX", typed.mailbox, "Its name or id")->required()->type_name("");
    return command;
}

void declare(CLI::App& cli, Typed& typed)
{
    cli.require_subcommand(1);
    add(cli, typed, "list", "Show the mailboxes with their state");
    add_about_one(cli, typed, "polls", "Show the last 50 polls, newest first")
        .add_flag("--steps", typed.has_steps, "With the time of each step");
    add_about_one(cli, typed, "server",
                  "Show the mail server: certificates, capabilities, what was learned");
    add_about_one(cli, typed, "set-aside", "Show the messages that the server cannot give out");
    add_about_one(cli, typed, "try-again", "Ask for those messages again, at once");
    add_about_one(cli, typed, "poll-now", "Poll it at once");
    auto& again = add_about_one(cli, typed, "fetch-again",
                                "Fetch and inspect messages once more that were collected before");
    auto& which = *again.add_option_group("which");
    which.add_flag("--all", typed.is_all, "All that the server lists");
    which.add_option("--last", typed.last, "The last N of its list")
        ->type_name("N")
        ->check(CLI::Range(1U, api::FetchAgainWish::last_max));
    which.add_flag("--end", typed.is_end, "Fetch nothing more again");
    which.require_option(1);
    cli.footer("Exit code: 0 done, 2 the options are wrong, 3 it cannot be reached or refuses.");
}

void print(const Typed& typed, const std::string& command, const std::string& answer)
{
    if (typed.is_json) {
        std::printf("%s\n", answer.c_str());
    } else if (command == "list") {
        print_mailboxes(answer);
    } else if (command == "polls") {
        print_polls(answer, typed.has_steps ? Steps::show : Steps::hide);
    } else if (command == "server") {
        print_server(answer);
    } else if (command == "set-aside") {
        print_set_aside(answer);
    } else if (command == "poll-now") {
        std::puts("The poll is due at once: `watchpost mailbox polls` shows it.");
    } else if (command == "fetch-again") {
        std::puts(typed.is_end ? "Nothing more is fetched again."
                               : "They are fetched again, beginning at once: `watchpost mailbox "
                                 "list` shows how many are left.");
    } else {
        std::puts("They are asked for again at once.");
    }
}

} // namespace

int run_mailbox(int argument_count, char** arguments)
{
    Typed typed;
    CLI::App cli{"Shows what the running service knows of its mailboxes.", "watchpost mailbox"};
    declare(cli, typed);
    if (const auto ended = read_options(cli, argument_count, arguments)) {
        return *ended;
    }
    const std::string command = cli.get_subcommands().front()->get_name();
    const auto answer =
        ask_control(typed.state, control::mailbox_method,
                    control::encode_question({.ask = typed.is_end ? "fetch-again-end" : command,
                                              .mailbox = typed.mailbox,
                                              .last = typed.last}),
                    answer_time_max);
    if (!answer) {
        std::fprintf(stderr, "watchpost mailbox: %s\n",
                     (answer.error().code() == base::ErrorCode::not_found
                          ? answer.error().describe()
                          : explain(answer.error()))
                         .c_str());
        return exit_failed;
    }
    print(typed, command, *answer);
    return 0;
}

} // namespace watchpost::app
