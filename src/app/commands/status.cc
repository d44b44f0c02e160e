#include "app/commands/status.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/service/control_link.h"
#include "app/service/serve_options.h"
#include "base/bytes.h"
#include "control/messages.h"
#include "diag/quote.h"

namespace watchpost::app {
namespace {

using Json = nlohmann::json;

constexpr int exit_warnings = 1;
constexpr int exit_failed = 3;
constexpr std::chrono::seconds answer_time_max{15};

std::string text_of(const Json& json, const char* name)
{
    return json.contains(name) && json[name].is_string()
               ? diag::quote(json[name].get<std::string>())
               : std::string{};
}

void print_processes(const Json& status)
{
    std::puts("Processes");
    for (const auto& process : status["processes"]) {
        std::printf("  %-11s %-11s pid %-8d restarts %-4u since %s %s\n",
                    text_of(process, "name").c_str(), text_of(process, "state").c_str(),
                    process.value("pid", 0), process.value("restarts", 0U),
                    text_of(process, "since").c_str(), text_of(process, "last_exit").c_str());
    }
}

void print_engines(const Json& status)
{
    std::puts("Engines");
    for (const auto& engine : status["engines"]) {
        std::printf("  %-11s %-11s %s %s\n", text_of(engine, "name").c_str(),
                    text_of(engine, "state").c_str(), text_of(engine, "version").c_str(),
                    text_of(engine, "last_error").c_str());
    }
}

int print(const std::string& text)
{
    const auto status = Json::parse(text);
    std::printf("Watchpost %s, up since %s\n", text_of(status, "version").c_str(),
                text_of(status, "started_at").c_str());
    print_processes(status);
    print_engines(status);
    const auto& queue = status["queue"];
    const auto& disk = status["disk"];
    std::printf("Waiting      %llu messages, %llu more for an engine that was down\n",
                queue.value("backlog", 0ULL), queue.value("awaiting_reinspection", 0ULL));
    std::printf("Disk         %s free of %s\n",
                base::to_readable_bytes(disk.value("free_bytes", 0ULL)).c_str(),
                base::to_readable_bytes(disk.value("total_bytes", 0ULL)).c_str());
    for (const auto& warning : status["warnings"]) {
        std::printf("Warning      %s\n", diag::quote(warning.get<std::string>(), 2'000).c_str());
    }
    return status["warnings"].empty() ? 0 : exit_warnings;
}

} // namespace

int run_status(int argument_count, char** arguments)
{
    std::string state = default_state_folder;
    bool is_json = false;
    CLI::App cli{"Shows the processes, engines, queue and warnings of a running Watchpost.",
                 "watchpost status"};
    declare_state(cli, state);
    cli.add_flag("--json", is_json, "The Status of schema/openapi.yaml");
    cli.footer("Exit code: 0 all well, 1 there are warnings, 3 it cannot be reached.");
    CLI11_PARSE(cli, argument_count, arguments);
    const auto status = ask_control(state, control::status_method, "{}", answer_time_max);
    if (!status) {
        std::fprintf(stderr, "watchpost status: %s\n", status.error().describe().c_str());
        return exit_failed;
    }
    if (is_json) {
        std::printf("%s\n", status->c_str());
        return Json::parse(*status)["warnings"].empty() ? 0 : exit_warnings;
    }
    return print(*status);
}

} // namespace watchpost::app
