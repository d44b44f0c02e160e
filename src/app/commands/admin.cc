#include "app/commands/admin.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

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

} // namespace

int run_admin(int argument_count, char** arguments)
{
    std::string state = default_state_folder;
    std::string user;
    CLI::App cli{"What only somebody on the machine itself may do.", "watchpost admin"};
    cli.require_subcommand(1);
    auto* reset = cli.add_subcommand(
        "reset-password", "Give an account a new one-time password; ends its sessions and lock");
    declare_state(*reset, state);
    reset->add_option("USER", user, "Name of the account")->required();
    CLI11_PARSE(cli, argument_count, arguments);
    const auto password = reset_password(state, user);
    if (!password) {
        std::fprintf(stderr, "watchpost admin: %s\n", password.error().describe().c_str());
        return exit_failed;
    }
    std::printf("%s\n", password->c_str());
    return 0;
}

} // namespace watchpost::app
