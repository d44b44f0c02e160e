#include "app/commands/status.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/command_line.h"
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

/// Without the fraction of a second, which nobody reads: "2026-11-24T20:36:21Z".
std::string time_of(const Json& json, const char* name)
{
    const auto text = text_of(json, name);
    const auto dot = text.find('.');
    return dot == std::string::npos ? text : text.substr(0, dot) + "Z";
}

void print_process(const Json& process)
{
    const int pid = process.value("pid", 0);
    const auto last_exit = text_of(process, "last_exit");
    std::printf("  %-11s %-11s since %-20s  pid %-8s restarts %u%s\n",
                text_of(process, "name").c_str(), text_of(process, "state").c_str(),
                time_of(process, "since").c_str(), pid > 0 ? std::to_string(pid).c_str() : "-",
                process.value("restarts", 0U),
                last_exit.empty() ? "" : (", last end: " + last_exit).c_str());
}

void print_processes(const Json& status)
{
    std::puts("Processes");
    if (status["processes"].empty()) {
        std::puts("  not told yet: the service has only just started");
    }
    for (const auto& process : status["processes"]) {
        print_process(process);
    }
}

void print_engines(const Json& status)
{
    std::puts("Engines");
    if (status["engines"].empty()) {
        std::puts("  not told yet: the pipeline says which there are once it works");
    }
    for (const auto& engine : status["engines"]) {
        std::string line = text_of(engine, "state");
        for (const char* const more : {"version", "last_error"}) {
            const auto text = text_of(engine, more);
            line += text.empty() ? "" : "  " + text;
        }
        std::printf("  %-11s %s\n", text_of(engine, "name").c_str(), line.c_str());
    }
}

void print_queue(const Json& queue)
{
    const auto oldest = time_of(queue, "oldest_at");
    std::printf("Waiting      %llu messages%s, %llu more for an engine that was down\n",
                queue.value("backlog", 0ULL),
                oldest.empty() ? "" : (", the oldest of " + oldest).c_str(),
                queue.value("awaiting_reinspection", 0ULL));
}

void print_disk(const Json& disk)
{
    std::printf("Disk         %s free of %s\n",
                base::to_readable_bytes(disk.value("free_bytes", 0ULL)).c_str(),
                base::to_readable_bytes(disk.value("total_bytes", 0ULL)).c_str());
}

void print_warnings(const Json& warnings)
{
    if (warnings.empty()) {
        std::puts("Warnings     none");
    }
    for (const auto& warning : warnings) {
        std::printf("Warning      %s\n", diag::quote(warning.get<std::string>(), 2'000).c_str());
    }
}

int print(const std::string& text)
{
    const auto status = Json::parse(text);
    std::printf("Watchpost %s, up since %s\n", text_of(status, "version").c_str(),
                time_of(status, "started_at").c_str());
    print_processes(status);
    print_engines(status);
    print_queue(status["queue"]);
    print_disk(status["disk"]);
    print_warnings(status["warnings"]);
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
    cli.add_flag("--json", is_json, "Print the Status of the API instead (docs/api.md)");
    cli.footer(
        "Exit code: 0 all well, 1 there are warnings, 2 the options are wrong, 3 it cannot be "
        "reached.");
    if (const auto ended = read_options(cli, argument_count, arguments)) {
        return *ended;
    }
    const auto status = ask_control(state, control::status_method, "{}", answer_time_max);
    if (!status) {
        std::fprintf(stderr, "watchpost status: %s\n", explain(status.error()).c_str());
        return exit_failed;
    }
    if (is_json) {
        std::printf("%s\n", status->c_str());
        return Json::parse(*status)["warnings"].empty() ? 0 : exit_warnings;
    }
    return print(*status);
}

} // namespace watchpost::app
