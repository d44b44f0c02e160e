#include "app/mailbox/mailbox_output.h"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "diag/quote.h"

namespace watchpost::app {
namespace {

using Json = nlohmann::json;

constexpr std::size_t text_bytes_max = 2'000;

std::string text_of(const Json& json, const char* name)
{
    return json.contains(name) && json[name].is_string()
               ? diag::quote(json[name].get<std::string>(), text_bytes_max)
               : std::string{};
}

/// Without the fraction of a second.
std::string time_of(const Json& json, const char* name)
{
    const auto text = text_of(json, name);
    const auto dot = text.find('.');
    return text.empty() ? "-" : dot == std::string::npos ? text : text.substr(0, dot) + "Z";
}

std::string duration_of(const Json& json)
{
    const auto milliseconds = json.value("duration_ms", 0ULL);
    if (milliseconds < 1'000) {
        return std::to_string(milliseconds) + " ms";
    }
    return std::to_string(milliseconds / 1'000) + "." + std::to_string(milliseconds % 1'000 / 100) +
           " s";
}

void print_steps(const Json& poll)
{
    for (const auto& step : poll["steps"]) {
        std::printf("    %-12s %-9s %s\n", text_of(step, "step").c_str(), duration_of(step).c_str(),
                    text_of(step, "outcome") == "failed" ? "FAILED" : "");
    }
}

void print_poll(const Json& poll, Steps steps)
{
    std::printf("%-20s  %-9s %-8s %7llu %7llu %10s %7llu  %s\n", time_of(poll, "began_at").c_str(),
                duration_of(poll).c_str(), text_of(poll, "result").c_str(),
                poll.value("listed", 0ULL), poll.value("collected", 0ULL),
                base::to_readable_bytes(poll.value("octets", 0ULL)).c_str(),
                poll.value("left", 0ULL), text_of(poll, "address").c_str());
    if (const auto error = text_of(poll, "error"); !error.empty()) {
        std::printf("    %s\n", error.c_str());
    }
    if (poll.contains("notes")) {
        for (const auto& note : poll["notes"]) {
            std::printf("    %s\n", diag::quote(note.get<std::string>(), text_bytes_max).c_str());
        }
    }
    if (steps == Steps::show) {
        print_steps(poll);
    }
}

void print_fetch_again(const Json& request)
{
    const auto last = request.value("last", 0ULL);
    std::printf("    fetches again: %s, asked for at %s; ",
                last == 0 ? "all" : ("the last " + std::to_string(last)).c_str(),
                time_of(request, "asked_at").c_str());
    if (request.contains("left")) {
        std::printf("%llu left\n", request.value("left", 0ULL));
    } else {
        std::puts("begins with the next poll");
    }
}

} // namespace

void print_mailboxes(const std::string& text)
{
    const auto json = Json::parse(text);
    if (json["items"].empty()) {
        std::puts("There is no mailbox yet: the console adds one, under Sensor servers.");
        return;
    }
    std::printf("%-26s  %-9s %-20s  %s\n", "ID", "STATE", "LAST POLL", "NAME");
    for (const auto& mailbox : json["items"]) {
        const auto& status = mailbox["status"];
        std::printf("%-26s  %-9s %-20s  %s\n", text_of(mailbox, "id").c_str(),
                    text_of(status, "state").c_str(), time_of(status, "last_poll_at").c_str(),
                    text_of(mailbox["settings"], "name").c_str());
        if (const auto error = text_of(status, "last_error"); !error.empty()) {
            std::printf("    %s\n", error.c_str());
        }
        if (status.contains("fetch_again")) {
            print_fetch_again(status["fetch_again"]);
        }
    }
}

void print_polls(const std::string& text, Steps steps)
{
    const auto json = Json::parse(text);
    if (json["items"].empty()) {
        std::puts("This mailbox has not been polled yet.");
    } else {
        std::printf("%-20s  %-9s %-8s %7s %7s %10s %7s  %s\n", "BEGAN", "TOOK", "RESULT", "LISTED",
                    "NEW", "SIZE", "LEFT", "SERVED BY");
    }
    for (const auto& poll : json["items"]) {
        print_poll(poll, steps);
    }
    if (const auto damaged = json.value("damaged", 0ULL); damaged > 0) {
        std::printf("%llu more cannot be read: their record is damaged.\n", damaged);
    }
}

void print_server(const std::string& text)
{
    const auto json = Json::parse(text);
    if (!json.contains("seen_at")) {
        std::puts("Nobody has logged in to this mail server yet.");
        return;
    }
    std::printf("Last log-in   %s by %s\n", time_of(json, "seen_at").c_str(),
                text_of(json, "mechanism").c_str());
    std::printf("Address       %s\n", text_of(json, "address").c_str());
    const auto tls = text_of(json, "tls");
    std::printf("TLS           %s\n", tls.empty() ? "none: in clear" : tls.c_str());
    std::printf("Greeting      %s\n", text_of(json, "greeting").c_str());
    for (const auto& line : json["capabilities"]) {
        std::printf("Capability    %s\n", diag::quote(line.get<std::string>()).c_str());
    }
    for (const auto& certificate : json["chain"]) {
        std::printf("Certificate   %s\n    issued by %s, %s\n    from %s to %s\n    SHA-256 %s\n",
                    text_of(certificate, "subject").c_str(), text_of(certificate, "issuer").c_str(),
                    text_of(certificate, "key").c_str(), text_of(certificate, "not_before").c_str(),
                    text_of(certificate, "not_after").c_str(),
                    text_of(certificate, "fingerprint").c_str());
    }
    for (const auto& fact : json["learned"]) {
        std::printf("Learned       %s\n", diag::quote(fact.get<std::string>()).c_str());
    }
    if (const auto warning = text_of(json, "certificate_warning"); !warning.empty()) {
        std::printf("Warning       %s\n", warning.c_str());
    }
}

void print_set_aside(const std::string& text)
{
    const auto json = Json::parse(text);
    if (json["items"].empty()) {
        std::puts("The server gives out every message.");
        return;
    }
    std::printf("%-20s  %8s  %10s  %-24s  %s\n", "LAST TRIED", "ATTEMPTS", "SIZE", "AGAIN", "UID");
    for (const auto& message : json["items"]) {
        const bool is_set_aside = message.value("set_aside", false);
        const auto next = message.contains("next_at") ? time_of(message, "next_at") : "next poll";
        std::printf("%-20s  %8u  %10s  %-24s  %s\n    %s\n", time_of(message, "last_at").c_str(),
                    message.value("attempts", 0U),
                    base::to_readable_bytes(message.value("octets", 0ULL)).c_str(),
                    is_set_aside ? "set aside: try-again" : next.c_str(),
                    text_of(message, "uid").c_str(), text_of(message, "reason").c_str());
    }
}

} // namespace watchpost::app
