#include "app/commands/control.h"

#include <cstdio>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/service/child_process.h"
#include "control/control.h"
#include "node/supervisor.h"

namespace watchpost::app {
namespace {

struct Typed {
    ChildOptions child;
    control::ControlSettings settings;
};

void declare(CLI::App& cli, Typed& typed)
{
    auto& settings = typed.settings;
    declare(cli, typed.child);
    cli.add_option("--address", settings.address, "IP address to listen on");
    cli.add_option("--port", settings.port, "Port to listen on");
    cli.add_flag("--demo", settings.is_demo, "Say in the console that this is a demo");
    cli.add_option("--collector-user", settings.users.collector, "User id of the collector");
    cli.add_option("--pipeline-user", settings.users.pipeline, "User id of the pipeline");
    cli.add_option("--warning", settings.warnings, "To be shown as long as the service runs")
        ->allow_extra_args(false);
}

int refuse(const base::Error& error)
{
    std::fprintf(stderr, "watchpost control: %s\n", error.describe().c_str());
    return node::exit_refused;
}

base::Result<void> run(Typed& typed)
{
    const auto begun = begin_child("control", typed.child);
    if (!begun) {
        return base::fail(begun.error());
    }
    auto& settings = typed.settings;
    for (auto& warning : confinement_warnings(begun->measures)) {
        settings.warnings.push_back(std::move(warning));
    }
    settings.product_version = WATCHPOST_VERSION;
    settings.state = typed.child.state;
    settings.users.control = os::current_user().uid;
    const diag::Log log{"control"};
    return control::run_control(settings, log, begun->stop.get());
}

} // namespace

int run_control_command(int argument_count, char** arguments)
{
    Typed typed;
    const auto me = os::current_user().uid;
    typed.settings.users = {me, me, me};
    CLI::App cli{"Started by `watchpost serve`.", "watchpost control"};
    declare(cli, typed);
    CLI11_PARSE(cli, argument_count, arguments);
    const auto done = run(typed);
    return done ? 0 : refuse(done.error());
}

} // namespace watchpost::app
