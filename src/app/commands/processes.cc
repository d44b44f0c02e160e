#include "app/commands/processes.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "app/inspection_setup.h"
#include "diag/quote.h"
#include "node/process_table.h"
#include "pipeline/inspector_pool.h"

namespace watchpost::app {
namespace {

constexpr int exit_usage = 2;
constexpr int exit_failed = 3;
constexpr std::string_view usage =
    "Usage: watchpost processes\n\n"
    "Prints the processes that Watchpost consists of and what each may do. Then starts an\n"
    "inspector, lets it close its sandbox, and prints what it found in force on this machine.\n"
    "Exit code 3 where the sandbox cannot be closed: then nothing is inspected either.\n";

void print_measure(const os::Measure& measure)
{
    std::printf("  %-18s %-9s %s\n", measure.name.c_str(), os::to_string(measure.state),
                measure.detail.c_str());
}

void print_time_limits(const pipeline::InspectorLimits& limits)
{
    const auto seconds = [](auto duration) {
        return std::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count()) + " s";
    };
    print_measure({"time", os::Measure::State::in_force,
                   seconds(limits.cpu_time_max) + " of a processor a message; killed after " +
                       seconds(limits.time_max + limits.grace) + ", replaced after " +
                       std::to_string(limits.messages_max) + " messages"});
}

int print_sandbox()
{
    auto settings = to_pool_settings(config::Settings{});
    settings.inspectors = 1;
    const auto limits = settings.inspector.limits;
    const auto pool = pipeline::InspectorPool::make(std::move(settings));
    if (!pool) {
        std::fprintf(stderr, "watchpost processes: %s\n",
                     diag::quote(pool.error().describe()).c_str());
        return exit_failed;
    }
    std::puts("\nThe sandbox of an inspector, closed just now on this machine:");
    for (const os::Measure& measure : (*pool)->measures()) {
        print_measure(measure);
    }
    print_time_limits(limits);
    return 0;
}

} // namespace

int run_processes(int argument_count, char** arguments)
{
    if (argument_count > 1) {
        const std::string_view argument{arguments[1]};
        const bool wants_help = argument == "--help" || argument == "-h";
        std::fputs(std::string{usage}.c_str(), wants_help ? stdout : stderr);
        return wants_help ? 0 : exit_usage;
    }
    std::fputs(node::table_as_text().c_str(), stdout);
    return print_sandbox();
}

} // namespace watchpost::app
