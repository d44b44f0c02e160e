#include "collector/poll_record.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "collector/console_text.h"
#include "spool/state_store.h"

namespace watchpost::collector {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t json_bytes_max = spool::StateStore::value_bytes_max - 16; // and its version
constexpr std::size_t steps_max = 12;
constexpr std::size_t step_bytes_max = 20;

PollResult result_of(const PollReport& report)
{
    if (report.error) {
        return PollResult::failed;
    }
    const bool is_worth_a_look = !report.notes.empty() || report.refused > 0 ||
                                 report.cut_short > 0 || report.delete_pending > 0;
    return is_worth_a_look ? PollResult::warning : PollResult::ok;
}

std::optional<PollResult> parse_result(std::string_view text)
{
    for (const auto result : {PollResult::ok, PollResult::warning, PollResult::failed}) {
        if (text == to_string(result)) {
            return result;
        }
    }
    return std::nullopt;
}

std::string to_text(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What is escaped may take several times its octets: where there is no room, the notes go first.
std::string dump(Json json)
{
    auto text = to_text(json);
    if (text.size() > json_bytes_max && json.contains("notes")) {
        json["notes"] = Json::array({"too long to be kept here: see the log"});
        text = to_text(json);
    }
    if (text.size() > json_bytes_max && json.contains("error")) {
        json["error"] = cut(json["error"].get<std::string>(), PollRecord::error_bytes_max / 6);
        text = to_text(json);
    }
    return text;
}

Json to_json(const StepTime& step)
{
    Json json{{"step", cut(step.step, step_bytes_max)},
              {"outcome", step.has_failed ? "failed" : "ok"},
              {"duration_ms", step.duration.count()}};
    return json;
}

std::chrono::milliseconds milliseconds_of(const Json& json)
{
    return std::chrono::milliseconds{json.at("duration_ms").get<std::uint32_t>()};
}

StepTime to_step(const Json& json)
{
    return {.step = json.at("step").get<std::string>(),
            .duration = milliseconds_of(json),
            .has_failed = json.at("outcome").get<std::string>() == "failed"};
}

PollRecord to_record(const Json& json)
{
    PollRecord record;
    record.number = json.at("number").get<std::uint64_t>();
    record.began_at = base::parse_rfc3339(json.at("began_at").get<std::string>()).value();
    record.duration = milliseconds_of(json);
    record.result = parse_result(json.at("result").get<std::string>()).value();
    for (const auto& step : json.at("steps")) {
        record.steps.push_back(to_step(step));
    }
    record.links = json.at("links").get<unsigned>();
    record.listed = json.at("listed").get<std::uint64_t>();
    record.known = json.at("known").get<std::uint64_t>();
    record.collected = json.at("collected").get<std::uint64_t>();
    record.octets = json.at("octets").get<std::uint64_t>();
    record.fetched_again = json.value("fetched_again", std::uint64_t{0});
    record.refused = json.at("refused").get<std::uint64_t>();
    record.deleted = json.at("deleted").get<std::uint64_t>();
    record.left = json.at("left").get<std::uint64_t>();
    record.set_aside = json.at("set_aside").get<std::uint64_t>();
    record.address = json.value("address", "");
    record.error = json.value("error", "");
    record.notes = json.value("notes", std::vector<std::string>{});
    return record;
}

} // namespace

std::string_view to_string(PollResult result) noexcept
{
    switch (result) {
    case PollResult::ok:
        return "ok";
    case PollResult::warning:
        return "warning";
    case PollResult::failed:
        return "failed";
    }
    return "failed";
}

PollRecord make_record(const PollReport& report, base::Instant began_at,
                       std::chrono::milliseconds duration)
{
    PollRecord record;
    record.began_at = began_at;
    record.duration = duration;
    record.result = result_of(report);
    record.steps = report.steps.all();
    record.links = report.links;
    record.listed = report.listed;
    record.known = report.known;
    record.collected = report.collected;
    record.octets = report.octets;
    record.fetched_again = report.fetched_again;
    record.refused = report.refused;
    record.deleted = report.deleted;
    record.left = report.left;
    record.set_aside = report.set_aside;
    record.address = report.link.peer_address;
    if (report.error) {
        record.error = cut(to_console_text(*report.error), PollRecord::error_bytes_max);
    }
    for (const auto& note : report.notes) {
        if (record.notes.size() == PollRecord::notes_max) {
            record.notes.back() = std::to_string(report.notes.size() - PollRecord::notes_max + 1) +
                                  " more: see the log";
            break;
        }
        record.notes.push_back(cut(note, PollRecord::note_bytes_max));
    }
    return record;
}

std::string to_json(const PollRecord& record)
{
    Json steps = Json::array();
    for (std::size_t i = 0; i < std::min(record.steps.size(), steps_max); ++i) {
        steps.push_back(to_json(record.steps[i]));
    }
    Json json{{"number", record.number},
              {"began_at", base::to_rfc3339(record.began_at)},
              {"duration_ms", record.duration.count()},
              {"result", to_string(record.result)},
              {"steps", std::move(steps)},
              {"links", record.links},
              {"listed", record.listed},
              {"known", record.known},
              {"collected", record.collected},
              {"octets", record.octets},
              {"fetched_again", record.fetched_again},
              {"refused", record.refused},
              {"deleted", record.deleted},
              {"left", record.left},
              {"set_aside", record.set_aside}};
    if (!record.address.empty()) {
        json["address"] = cut(record.address, 64);
    }
    if (!record.error.empty()) {
        json["error"] = record.error;
    }
    if (!record.notes.empty()) {
        json["notes"] = record.notes;
    }
    return dump(std::move(json));
}

/// What the library and optional throw for a value that is not ours ends here.
std::optional<PollRecord> parse_poll_record(const std::string& json)
{
    try {
        return to_record(Json::parse(json));
    } catch (const Json::exception&) {
        return std::nullopt;
    } catch (const std::bad_optional_access&) {
        return std::nullopt;
    }
}

} // namespace watchpost::collector
