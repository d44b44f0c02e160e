#include "app/commands/admin.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/command_line.h"
#include "app/service/control_link.h"
#include "app/service/serve_options.h"
#include "control/messages.h"

namespace watchpost::app {
namespace {

constexpr int exit_failed = 3;
constexpr std::chrono::seconds answer_time_max{30};

base::Result<std::string> reset_password(const std::string& state, const std::string& user)
{
    return ask_control(state, control::reset_password_method, control::encode_text("user", user),
                       answer_time_max)
        .and_then([](const std::string& json) { return control::parse_text("password", json); })
        .map_error([&](base::Error error) {
            return std::move(error).during("reset the password of " + user);
        });
}

void declare(CLI::App& cli, std::string& state, std::string& user)
{
    cli.require_subcommand(1);
    auto* const reset = cli.add_subcommand(
        "reset-password",
        "Prints a new one-time password for an account, and ends its sessions and its lock.");
    declare_state(*reset, state);
    reset->add_option("USER", user, "Name of the account")->required()->type_name("");
    for (auto* const command : {&cli, reset}) {
        command->footer("Exit code: 0 done, 2 the options are wrong, 3 it cannot be reached or "
                        "refuses.");
    }
}

} // namespace

int run_admin(int argument_count, char** arguments)
{
    std::string state = default_state_folder;
    std::string user;
    CLI::App cli{"What only root, or control's user, may do on the machine itself.",
                 "watchpost admin"};
    declare(cli, state, user);
    if (const auto ended = read_options(cli, argument_count, arguments)) {
        return *ended;
    }
    const auto password = reset_password(state, user);
    if (!password) {
        std::fprintf(stderr, "watchpost admin: %s\n", explain(password.error()).c_str());
        return exit_failed;
    }
    std::printf("%s\n", password->c_str());
    return 0;
}

} // namespace watchpost::app
