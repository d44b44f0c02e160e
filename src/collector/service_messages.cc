#include "collector/service_messages.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>

namespace watchpost::collector {

using base::Result;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> fetch_again_words{"all", "last", "none"};

std::string dump(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

base::Failure unreadable(std::string_view what)
{
    return base::fail(base::ErrorCode::protocol_violation, base::Retry::never,
                      "the document \"" + std::string{what} + "\" cannot be read");
}

/// What `read` makes of the document; the library's exceptions (a field that is missing or of
/// another type) end here.
template <typename Thing>
Result<Thing> read_document(std::string_view what, const std::string& text,
                            const std::function<Thing(const Json&)>& read)
{
    try {
        return read(Json::parse(text));
    } catch (const Json::exception&) {
        return unreadable(what);
    }
}

void put_time(Json& json, const char* field, const std::optional<base::Instant>& time)
{
    if (time) {
        json[field] = base::to_rfc3339(*time);
    }
}

std::optional<base::Instant> take_time(const Json& json, const char* field)
{
    const auto found = json.find(field);
    return found == json.end() ? std::nullopt : base::parse_rfc3339(found->get<std::string>());
}

std::optional<std::uint64_t> take_number(const Json& json, const char* field)
{
    const auto found = json.find(field);
    return found == json.end() ? std::nullopt : std::optional{found->get<std::uint64_t>()};
}

Json to_json(const FetchAgainStatus& status)
{
    Json json{{"asked_at", base::to_rfc3339(status.asked_at)}};
    if (status.last > 0) {
        json["last"] = status.last;
    }
    if (status.left) {
        json["left"] = *status.left;
    }
    return json;
}

FetchAgainStatus to_fetch_again(const Json& json)
{
    FetchAgainStatus status;
    status.asked_at = take_time(json, "asked_at").value_or(base::Instant{});
    status.last = json.value("last", 0U);
    status.left = take_number(json, "left");
    return status;
}

Json to_json(const MailboxStatus& status)
{
    Json json{{"state", to_string(status.state)}};
    put_time(json, "last_poll_at", status.last_poll_at);
    put_time(json, "next_poll_at", status.next_poll_at);
    put_time(json, "last_success_at", status.last_success_at);
    json["last_error"] = status.last_error;
    json["messages_total"] = status.messages_total;
    json["octets_total"] = status.octets_total;
    json["messages_last_poll"] = status.messages_last_poll;
    json["left_on_server"] = status.left_on_server;
    json["tls"] = status.tls;
    json["certificate_fingerprint"] = status.certificate_fingerprint;
    if (status.fetch_again) {
        json["fetch_again"] = to_json(*status.fetch_again);
    }
    return json;
}

MailboxStatus to_status(const Json& json)
{
    MailboxStatus status;
    const auto state = parse_mailbox_state(json.at("state").get<std::string>());
    // A state of a later version: somebody should look at it.
    status.state = state.value_or(MailboxState::warning);
    status.last_poll_at = take_time(json, "last_poll_at");
    status.next_poll_at = take_time(json, "next_poll_at");
    status.last_success_at = take_time(json, "last_success_at");
    status.last_error = json.at("last_error").get<std::string>();
    status.messages_total = json.at("messages_total").get<std::uint64_t>();
    status.octets_total = json.at("octets_total").get<std::uint64_t>();
    status.messages_last_poll = json.at("messages_last_poll").get<std::uint64_t>();
    status.left_on_server = json.at("left_on_server").get<std::uint64_t>();
    status.tls = json.at("tls").get<std::string>();
    status.certificate_fingerprint = json.at("certificate_fingerprint").get<std::string>();
    if (const auto found = json.find("fetch_again"); found != json.end()) {
        status.fetch_again = to_fetch_again(*found);
    }
    return status;
}

Assignment to_assignment(const Json& json)
{
    return {.id = json.at("id").get<std::string>(),
            .name = json.at("name").get<std::string>(),
            .settings_json = dump(json.at("settings")),
            .sealed_password = json.at("sealed_password").get<std::string>(),
            .version = json.at("version").get<std::uint64_t>(),
            .generation = json.at("generation").get<std::uint32_t>()};
}

Json settings_of(const std::string& settings_json)
{
    auto settings = Json::parse(settings_json, nullptr, false);
    return settings.is_discarded() ? Json{} : settings;
}

TestReport to_report(const Json& json)
{
    TestReport report;
    report.is_ok = json.at("ok").get<bool>();
    for (const auto& step : json.at("steps")) {
        const auto outcome = parse_step_outcome(step.at("outcome").get<std::string>());
        report.steps.push_back({.step = step.at("step").get<std::string>(),
                                .outcome = outcome.value_or(StepOutcome::warning),
                                .text = step.at("text").get<std::string>()});
    }
    report.message_count = take_number(json, "message_count");
    report.octets = take_number(json, "octets");
    return report;
}

} // namespace

std::string encode_mailboxes(const std::vector<Assignment>& assignments)
{
    Json items = Json::array();
    for (const auto& assignment : assignments) {
        items.push_back({{"id", assignment.id},
                         {"name", assignment.name},
                         {"settings", settings_of(assignment.settings_json)},
                         {"sealed_password", assignment.sealed_password},
                         {"version", assignment.version},
                         {"generation", assignment.generation}});
    }
    return dump({{"items", std::move(items)}});
}

Result<std::vector<Assignment>> parse_mailboxes(const std::string& json)
{
    return read_document<std::vector<Assignment>>(mailboxes_method, json, [](const Json& document) {
        std::vector<Assignment> assignments;
        for (const auto& item : document.at("items")) {
            assignments.push_back(to_assignment(item));
        }
        return assignments;
    });
}

std::string encode_mailbox(std::string_view mailbox)
{
    return dump({{"mailbox", mailbox}});
}

Result<std::string> parse_mailbox(const std::string& json)
{
    return read_document<std::string>("mailbox", json, [](const Json& document) {
        return document.at("mailbox").get<std::string>();
    });
}

std::string encode_try_again(const TryAgain& request)
{
    return dump({{"mailbox", request.mailbox}, {"marks", request.marks}});
}

Result<TryAgain> parse_try_again(const std::string& json)
{
    return read_document<TryAgain>(try_again_method, json, [](const Json& document) {
        return TryAgain{.mailbox = document.at("mailbox").get<std::string>(),
                        .marks = document.at("marks").get<std::vector<std::string>>()};
    });
}

std::string encode_fetch_again(const FetchAgainCall& call)
{
    return dump({{"mailbox", call.mailbox},
                 {"which", fetch_again_words.at(static_cast<std::size_t>(call.wish.which))},
                 {"last", call.wish.last}});
}

Result<FetchAgainCall> parse_fetch_again(const std::string& json)
{
    const auto call = read_document<std::optional<FetchAgainCall>>(
        fetch_again_method, json, [](const Json& document) -> std::optional<FetchAgainCall> {
            const auto word =
                std::ranges::find(fetch_again_words, document.at("which").get<std::string_view>());
            if (word == fetch_again_words.end()) {
                return std::nullopt;
            }
            const auto which =
                static_cast<FetchAgainWish::Which>(std::distance(fetch_again_words.begin(), word));
            return FetchAgainCall{document.at("mailbox").get<std::string>(),
                                  {which, document.at("last").get<std::uint32_t>()}};
        });
    return call && *call ? Result<FetchAgainCall>{**call} : unreadable(fetch_again_method);
}

std::string encode_test_request(const TestRequest& request)
{
    return dump({{"settings", settings_of(request.settings_json)},
                 {"sealed_password", request.sealed_password}});
}

Result<TestRequest> parse_test_request(const std::string& json)
{
    return read_document<TestRequest>(test_connection_method, json, [](const Json& document) {
        return TestRequest{.settings_json = dump(document.at("settings")),
                           .sealed_password = document.at("sealed_password").get<std::string>()};
    });
}

std::string encode_test_report(const TestReport& report)
{
    Json steps = Json::array();
    for (const auto& step : report.steps) {
        steps.push_back(
            {{"step", step.step}, {"outcome", to_string(step.outcome)}, {"text", step.text}});
    }
    Json json{{"ok", report.is_ok}, {"steps", std::move(steps)}};
    if (report.message_count) {
        json["message_count"] = *report.message_count;
    }
    if (report.octets) {
        json["octets"] = *report.octets;
    }
    return dump(json);
}

Result<TestReport> parse_test_report(const std::string& json)
{
    return read_document<TestReport>(test_connection_method, json, to_report);
}

std::string encode_device_id(const std::string& id)
{
    return dump({{"id", id}});
}

Result<std::string> parse_device_id(const std::string& json)
{
    return read_document<std::string>("device code", json, [](const Json& document) {
        return document.at("id").get<std::string>();
    });
}

std::string encode_device_state(const DeviceState& state)
{
    return dump({{"state", to_string(state.outcome)},
                 {"id", state.id},
                 {"user_code", state.user_code},
                 {"verification_uri", state.verification_uri},
                 {"verification_uri_complete", state.verification_uri_complete},
                 {"expires_in_s", state.expires_in_s},
                 {"interval_s", state.interval_s},
                 {"sealed_token", state.sealed_token},
                 {"text", state.text}});
}

Result<DeviceState> parse_device_state(const std::string& json)
{
    return read_document<DeviceState>("device code", json, [](const Json& document) {
        const auto word = document.at("state").get<std::string>();
        DeviceState state;
        state.outcome = word == "granted"   ? DeviceState::Outcome::granted
                        : word == "pending" ? DeviceState::Outcome::pending
                                            : DeviceState::Outcome::failed;
        state.id = document.at("id").get<std::string>();
        state.user_code = document.at("user_code").get<std::string>();
        state.verification_uri = document.at("verification_uri").get<std::string>();
        state.verification_uri_complete =
            document.at("verification_uri_complete").get<std::string>();
        state.expires_in_s = document.at("expires_in_s").get<std::uint64_t>();
        state.interval_s = document.at("interval_s").get<std::uint64_t>();
        state.sealed_token = document.at("sealed_token").get<std::string>();
        state.text = document.at("text").get<std::string>();
        return state;
    });
}

std::string encode_mailbox_status(const StatusOfMailbox& status)
{
    return dump({{"mailbox", status.mailbox}, {"status", to_json(status.status)}});
}

Result<StatusOfMailbox> parse_mailbox_status(const std::string& json)
{
    return read_document<StatusOfMailbox>(mailbox_status_method, json, [](const Json& document) {
        return StatusOfMailbox{.mailbox = document.at("mailbox").get<std::string>(),
                               .status = to_status(document.at("status"))};
    });
}

std::string encode_collected(std::uint64_t count)
{
    return dump({{"count", count}});
}

Result<std::uint64_t> parse_collected(const std::string& json)
{
    return read_document<std::uint64_t>(collected_method, json, [](const Json& document) {
        return document.at("count").get<std::uint64_t>();
    });
}

std::string encode_ids(const std::vector<std::string>& ids)
{
    return dump({{"ids", ids}});
}

Result<std::vector<std::string>> parse_ids(const std::string& json)
{
    return read_document<std::vector<std::string>>("ids", json, [](const Json& document) {
        return document.at("ids").get<std::vector<std::string>>();
    });
}

std::string encode_recorded(const std::vector<std::string>& ids)
{
    return dump({{"recorded", ids}});
}

Result<std::vector<std::string>> parse_recorded(const std::string& json)
{
    return read_document<std::vector<std::string>>("recorded", json, [](const Json& document) {
        return document.at("recorded").get<std::vector<std::string>>();
    });
}

std::string encode_collector_status(const CollectorStatus& status)
{
    return dump({{"spool_octets", status.spool_octets},
                 {"spool_octets_max", status.spool_octets_max},
                 {"is_paused", status.is_paused},
                 {"warnings", status.warnings}});
}

Result<CollectorStatus> parse_collector_status(const std::string& json)
{
    return read_document<CollectorStatus>(collector_status_method, json, [](const Json& document) {
        return CollectorStatus{.spool_octets = document.at("spool_octets").get<std::uint64_t>(),
                               .spool_octets_max =
                                   document.at("spool_octets_max").get<std::uint64_t>(),
                               .is_paused = document.at("is_paused").get<bool>(),
                               .warnings = document.at("warnings").get<std::vector<std::string>>()};
    });
}

} // namespace watchpost::collector
