#include "api/metrics.h"

#include <string_view>

namespace watchpost::api {

namespace {

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char character : text) {
        if (character == '\n') {
            result += "\\n";
            continue;
        }
        if (character == '"' || character == '\\') {
            result += '\\';
        }
        result += character;
    }
    return result;
}

void describe(std::string& text, std::string_view name, std::string_view help)
{
    text.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
    text.append(name).append(" gauge\n");
}

void put(std::string& text, std::string_view name, std::uint64_t value)
{
    text.append(name).append(" ").append(std::to_string(value)).append("\n");
}

void put(std::string& text, std::string_view name, std::string_view label, std::string_view of,
         std::uint64_t value)
{
    text.append(name).append("{").append(label).append("=\"").append(escaped(of));
    text.append("\"} ").append(std::to_string(value)).append("\n");
}

} // namespace

std::string metrics_text(const ServiceStatus& status)
{
    std::string text;
    describe(text, "watchpost_build_info", "1, with the version that runs.");
    put(text, "watchpost_build_info", "version", status.version, 1);
    describe(text, "watchpost_process_up", "1 where the process runs.");
    for (const ProcessStatus& process : status.processes) {
        put(text, "watchpost_process_up", "process", process.name,
            process.state == "running" ? 1 : 0);
    }
    describe(text, "watchpost_process_restarts", "Restarts since the service began.");
    for (const ProcessStatus& process : status.processes) {
        put(text, "watchpost_process_restarts", "process", process.name, process.restarts);
    }
    describe(text, "watchpost_engine_up", "1 where the engine answers, for engines that are on.");
    for (const EngineStatus& engine : status.engines) {
        if (engine.state != "off") {
            put(text, "watchpost_engine_up", "engine", engine.name, engine.state == "on" ? 1 : 0);
        }
    }
    describe(text, "watchpost_backlog_messages", "Messages collected and not yet inspected.");
    put(text, "watchpost_backlog_messages", status.backlog);
    describe(text, "watchpost_awaiting_reinspection_messages",
             "Messages that wait for an engine that was down.");
    put(text, "watchpost_awaiting_reinspection_messages", status.awaiting_reinspection);
    describe(text, "watchpost_disk_free_bytes", "Free on the disk of the state folder.");
    put(text, "watchpost_disk_free_bytes", status.disk_free_bytes);
    describe(text, "watchpost_spool_bytes", "What the spool takes on disk.");
    put(text, "watchpost_spool_bytes", status.spool_bytes);
    describe(text, "watchpost_spool_limit_bytes", "What it may take; 0: no limit.");
    put(text, "watchpost_spool_limit_bytes", status.spool_bytes_max);
    describe(text, "watchpost_collecting_paused",
             "1 where collecting pauses for want of room in the spool.");
    put(text, "watchpost_collecting_paused", status.is_collecting_paused ? 1 : 0);
    describe(text, "watchpost_warnings", "Warnings that the status page shows.");
    put(text, "watchpost_warnings", status.warnings.size());
    return text;
}

} // namespace watchpost::api
