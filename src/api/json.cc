#include "api/json.h"

#include "api/api.h"

#include <array>

#include "base/json_depth.h"
#include "message/defect_table.h"
#include "message/reading_plan.h"
#include "verdict/finding_table.h"

namespace watchpost::api {

namespace {

constexpr std::size_t recipients_shown_max = 20;
constexpr std::size_t report_depth_max = 64;

void put_time(Json& json, const char* name, const std::optional<base::Instant>& time)
{
    if (time) {
        json[name] = base::to_rfc3339(*time);
    }
}

void put_text(Json& json, const char* name, const std::string& text)
{
    if (!text.empty()) {
        json[name] = text;
    }
}

std::string_view to_string(store::AlertAction action) noexcept
{
    constexpr std::array<std::string_view, 8> names{
        "raised",   "assigned",       "commented",       "closed",
        "reopened", "raw_downloaded", "inspected_again", "object_downloaded"};
    return names.at(static_cast<std::size_t>(action));
}

Json to_json(const store::HistoryEntry& entry)
{
    Json json{{"at", base::to_rfc3339(entry.at)}, {"action", to_string(entry.action)}};
    if (entry.user) {
        json["user"] = reference(*entry.user, entry.user_name);
    }
    if (entry.assignee) {
        json["assignee"] = reference(*entry.assignee, entry.assignee_name);
    }
    put_text(json, "comment", entry.comment);
    return json;
}

/// The report's array of that name; empty where an older report has none.
Json take_array(const Json& report, const char* name)
{
    const auto found = report.find(name);
    return found != report.end() && found->is_array() ? *found : Json::array();
}

Json explained_findings(const Json& report)
{
    Json findings = take_array(report, "findings");
    for (Json& finding : findings) {
        const auto* const row = verdict::find_row(finding.value("id", ""));
        finding["sentence"] = row != nullptr ? row->sentence : "An engine found something.";
        finding["advice"] = row != nullptr ? row->advice : "Look at the evidence.";
    }
    return findings;
}

Json explained_defects(const Json& report)
{
    Json defects = take_array(report, "defects");
    for (Json& defect : defects) {
        if (const auto* const row = message::find_defect(defect.value("id", ""))) {
            defect["explanation"] = row->sentence;
        }
    }
    return defects;
}

Json explained_readings(const Json& report)
{
    Json readings = take_array(report, "readings");
    for (Json& reading : readings) {
        reading["explanation"] = message::explain_reading(reading.value("name", ""));
    }
    return readings;
}

} // namespace

http::Response json_response(const Json& json, int status)
{
    http::Response response;
    response.status = status;
    response.headers = {{"content-type", "application/json"}, {"cache-control", "no-store"}};
    response.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    return response;
}

http::Response no_content()
{
    http::Response response;
    response.status = 204;
    response.headers = {{"cache-control", "no-store"}};
    return response;
}

http::Response accepted()
{
    auto response = no_content();
    response.status = 202;
    return response;
}

Json reference(store::UserId id, const std::string& name)
{
    return {{"id", id.to_string()}, {"name", name}};
}

Json to_json(const std::vector<store::Role>& roles)
{
    Json json = Json::array();
    for (const store::Role role : roles) {
        json.push_back(store::to_string(role));
    }
    return json;
}

Json to_json(const store::Alert& alert)
{
    Json json{{"id", alert.id.to_string()},
              {"state", store::to_string(alert.state)},
              {"importance", verdict::to_string(alert.importance)},
              {"inspected", alert.is_partial ? "partial" : "full"},
              {"created_at", base::to_rfc3339(alert.created_at)},
              {"updated_at", base::to_rfc3339(alert.updated_at)},
              {"received_at", base::to_rfc3339(alert.received_at)},
              {"sentence", alert.sentence},
              {"sender", alert.sender},
              {"recipients", Json::array()},
              {"recipient_count", alert.recipients.size()},
              {"bcc_count", alert.blind_recipients.size()},
              {"subject", alert.subject},
              {"copy_form", alert.copy_form},
              {"arrived_from", alert.arrived_from},
              {"engines", alert.engines},
              {"message_id", alert.message.to_string()},
              {"mailbox_name", alert.mailbox_name},
              {"sensor_id", alert.node.to_string()}};
    for (const std::string& recipient : alert.recipients) {
        if (json["recipients"].size() < recipients_shown_max) {
            json["recipients"].push_back(recipient);
        }
    }
    if (alert.assignee) {
        json["assignee"] = reference(*alert.assignee, alert.assignee_name);
    }
    return json;
}

Json to_json(const store::AlertPage& page)
{
    Json json{
        {"items", Json::array()}, {"total", page.total}, {"total_is_capped", page.total_is_capped}};
    for (const store::Alert& alert : page.items) {
        json["items"].push_back(to_json(alert));
    }
    put_text(json, "next_cursor", page.next_cursor);
    return json;
}

Json report_of(const store::AlertDetail& detail)
{
    // A deep one, which nobody writes, would end the process where it is copied and written.
    Json report = base::is_nested_deeper_than(detail.report_json, report_depth_max)
                      ? Json{}
                      : Json::parse(detail.report_json, nullptr, false);
    return report.is_object() ? report : Json::object();
}

Json to_json(const store::AlertDetail& detail)
{
    const Json report = report_of(detail);
    Json json = to_json(detail.alert);
    json["findings"] = explained_findings(report);
    json["not_inspected"] = take_array(report, "not_inspected");
    json["defects"] = explained_defects(report);
    json["parts"] = take_array(report, "parts");
    json["readings"] = explained_readings(report);
    json["message"] = report.contains("message") ? report["message"] : Json::object();
    json["history"] = Json::array();
    for (const auto& entry : detail.history) {
        json["history"].push_back(to_json(entry));
    }
    json["content_available"] = detail.content_kept;
    json["octets"] = detail.octets;
    json["sha256"] = detail.sha256;
    return json;
}

Json to_json(const store::User& user)
{
    Json json{{"id", user.id.to_string()},
              {"name", user.name},
              {"roles", to_json(user.roles)},
              {"enabled", user.is_enabled},
              {"created_at", base::to_rfc3339(user.created_at)},
              {"must_change_password", user.must_change_password}};
    put_time(json, "last_sign_in_at", user.last_sign_in_at);
    put_time(json, "locked_until", user.locked_until);
    return json;
}

Json to_json(const store::YaraFile& file)
{
    Json json{{"id", file.id.to_string()},
              {"name", file.name},
              {"rule_count", file.rule_count},
              {"importance", verdict::to_string(file.importance)},
              {"builtin", false},
              {"created_at", base::to_rfc3339(file.created_at)}};
    if (file.created_by) {
        json["created_by"] = reference(*file.created_by, file.created_by_name);
    }
    return json;
}

namespace {

Json to_json(const collector::FetchAgainStatus& request)
{
    Json json{{"asked_at", base::to_rfc3339(request.asked_at)}};
    if (request.last > 0) {
        json["last"] = request.last;
    }
    if (request.left) {
        json["left"] = *request.left;
    }
    return json;
}

} // namespace

Json to_json(const store::MailboxRecord& mailbox, const MailboxStatus& status)
{
    Json live{{"state", to_string(status.state)},
              {"messages_total", status.messages_total},
              {"octets_total", status.octets_total},
              {"messages_last_poll", status.messages_last_poll},
              {"left_on_server", status.left_on_server}};
    put_time(live, "last_poll_at", status.last_poll_at);
    put_time(live, "next_poll_at", status.next_poll_at);
    put_time(live, "last_success_at", status.last_success_at);
    put_text(live, "last_error", status.last_error);
    put_text(live, "tls", status.tls);
    put_text(live, "certificate_fingerprint", status.certificate_fingerprint);
    if (status.fetch_again) {
        live["fetch_again"] = to_json(*status.fetch_again);
    }
    const collector::SealedSecrets secrets{mailbox.sealed_password};
    const auto is_set = [&](collector::SecretKind kind) { return !secrets.box(kind).empty(); };
    return {{"id", mailbox.id.to_string()},
            {"settings", Json::parse(mailbox.settings_json)},
            {"password_set", is_set(collector::SecretKind::password)},
            {"client_secret_set", is_set(collector::SecretKind::client_secret)},
            {"client_key_set", is_set(collector::SecretKind::client_key)},
            {"proxy_password_set", is_set(collector::SecretKind::proxy_password)},
            {"version", mailbox.version},
            {"status", std::move(live)}};
}

Json to_json(const ConnectionTest& test)
{
    Json json{{"ok", test.is_ok}, {"steps", Json::array()}};
    for (const TestStep& step : test.steps) {
        json["steps"].push_back(
            {{"step", step.step}, {"outcome", to_string(step.outcome)}, {"text", step.text}});
    }
    if (test.message_count) {
        json["message_count"] = *test.message_count;
    }
    if (test.octets) {
        json["octets"] = *test.octets;
    }
    return json;
}

Json to_json(const ServiceStatus& status)
{
    Json json{{"version", status.version},
              {"started_at", base::to_rfc3339(status.started_at)},
              {"processes", Json::array()},
              {"engines", Json::array()}};
    for (const ProcessStatus& process : status.processes) {
        Json one{{"name", process.name},
                 {"pid", process.pid},
                 {"state", process.state},
                 {"restarts", process.restarts}};
        put_time(one, "since", process.since);
        put_text(one, "last_exit", process.last_exit);
        json["processes"].push_back(std::move(one));
    }
    for (const EngineStatus& engine : status.engines) {
        Json one{{"name", engine.name}, {"state", engine.state}};
        put_text(one, "version", engine.version);
        put_text(one, "last_error", engine.last_error);
        json["engines"].push_back(std::move(one));
    }
    json["queue"] = {{"backlog", status.backlog},
                     {"awaiting_reinspection", status.awaiting_reinspection}};
    put_time(json["queue"], "oldest_at", status.oldest_at);
    json["disk"] = {{"free_bytes", status.disk_free_bytes},
                    {"total_bytes", status.disk_total_bytes}};
    json["spool"] = {{"bytes", status.spool_bytes}, {"paused", status.is_collecting_paused}};
    if (status.spool_bytes_max > 0) {
        json["spool"]["bytes_max"] = status.spool_bytes_max;
    }
    json["warnings"] = status.warnings;
    return json;
}

std::string status_as_json(const ServiceStatus& status)
{
    return to_json(status).dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace watchpost::api
