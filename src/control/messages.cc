#include "control/messages.h"

#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/bytes.h"

namespace watchpost::control {
namespace {

using Json = nlohmann::json;
using base::ErrorCode;
using base::Result;
using base::Retry;

std::string write(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

base::Failure malformed(std::string_view what)
{
    return base::fail(ErrorCode::protocol_violation, Retry::never,
                      "a document without " + std::string{what});
}

} // namespace

std::string encode_processes(const std::vector<node::ChildStatus>& children)
{
    Json items = Json::array();
    for (const auto& child : children) {
        items.push_back({{"name", child.name},
                         {"pid", child.pid},
                         {"state", node::to_string(child.state)},
                         {"restarts", child.restarts},
                         {"since", base::to_rfc3339(child.since)},
                         {"last_exit", child.last_exit}});
    }
    return write({{"items", std::move(items)}});
}

Result<std::vector<api::ProcessStatus>> parse_processes(const std::string& text)
{
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("items") || !json["items"].is_array()) {
        return malformed("items");
    }
    std::vector<api::ProcessStatus> processes;
    try {
        for (const auto& item : json["items"]) {
            api::ProcessStatus process;
            process.name = item.at("name").get<std::string>();
            process.pid = item.at("pid").get<int>();
            process.state = item.at("state").get<std::string>();
            process.restarts = item.at("restarts").get<std::uint32_t>();
            process.since = base::parse_rfc3339(item.at("since").get<std::string>());
            process.last_exit = item.at("last_exit").get<std::string>();
            processes.push_back(std::move(process));
        }
    } catch (const Json::exception&) {
        return malformed("whole processes");
    }
    return processes;
}

std::string encode_text(std::string_view name, std::string_view text)
{
    return write(Json{{std::string{name}, text}});
}

Result<std::string> parse_text(std::string_view name, const std::string& text)
{
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object()) {
        return malformed(name);
    }
    const auto found = json.find(std::string{name});
    if (found == json.end() || !found->is_string()) {
        return malformed(name);
    }
    return found->get<std::string>();
}

std::string encode_question(const MailboxQuestion& question)
{
    return write({{"ask", question.ask},
                  {"mailbox", question.mailbox},
                  {"last", std::to_string(question.last)}});
}

Result<MailboxQuestion> parse_question(const std::string& json)
{
    auto ask = parse_text("ask", json);
    auto mailbox = parse_text("mailbox", json);
    const auto last =
        parse_text("last", json).and_then([](const std::string& text) -> Result<std::uint64_t> {
            const auto number = base::parse_decimal(text);
            return number && *number <= UINT32_MAX ? Result<std::uint64_t>{*number}
                                                   : malformed("a number \"last\"");
        });
    if (!ask || !mailbox || !last) {
        return malformed("\"ask\", \"mailbox\" and \"last\"");
    }
    return MailboxQuestion{.ask = *std::move(ask),
                           .mailbox = *std::move(mailbox),
                           .last = static_cast<std::uint32_t>(*last)};
}

} // namespace watchpost::control
