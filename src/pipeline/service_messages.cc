#include "pipeline/service_messages.h"

#include <limits>

#include <nlohmann/json.hpp>

namespace watchpost::pipeline {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;
using Json = nlohmann::json;

/// Thrown and caught within this file: what is wrong with a document.
struct Fault {
    std::string what;
};

/// One object while it is read; what is missing or of another type is a Fault.
class Reader {
public:
    explicit Reader(const Json& object) : object_{object}
    {
        if (!object.is_object()) {
            throw Fault{"it is no object"};
        }
    }

    [[nodiscard]] const Json* find(const char* name) const
    {
        const auto found = object_.find(name);
        return found == object_.end() || found->is_null() ? nullptr : &*found;
    }
    [[nodiscard]] const Json& at(const char* name) const
    {
        const Json* const found = find(name);
        return found != nullptr ? *found : throw Fault{std::string{name} + " is missing"};
    }
    template <typename T>
    [[nodiscard]] T get(const char* name) const
    {
        return convert<T>(at(name), name);
    }
    [[nodiscard]] const Json& list(const char* name) const
    {
        const Json& value = at(name);
        return value.is_array() ? value : throw Fault{std::string{name} + " is no list"};
    }
    [[nodiscard]] std::uint64_t number(const char* name, std::uint64_t most) const
    {
        const Json& value = at(name);
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most) {
            throw Fault{std::string{name} + " is no number that fits"};
        }
        return value.get<std::uint64_t>();
    }
    template <typename Id>
    [[nodiscard]] Id id(const char* name) const
    {
        const auto parsed = Id::parse(get<std::string>(name));
        return parsed ? *parsed : throw Fault{std::string{name} + " is no id"};
    }
    [[nodiscard]] base::Instant instant(const char* name) const
    {
        const auto parsed = base::parse_rfc3339(get<std::string>(name));
        return parsed ? *parsed : throw Fault{std::string{name} + " is no time"};
    }
    [[nodiscard]] verdict::Importance importance(const char* name) const
    {
        const auto parsed = verdict::parse_importance(get<std::string>(name));
        return parsed ? *parsed : throw Fault{std::string{name} + " is no importance"};
    }

private:
    template <typename T>
    static T convert(const Json& value, const char* name)
    {
        try {
            return value.get<T>();
        } catch (const Json::exception&) {
            throw Fault{std::string{name} + " is of another type"};
        }
    }

    const Json& object_;
};

/// Reads a document; whatever is wrong with it is one kind of error.
template <typename Read>
auto parse(const std::string& text, Read&& read) -> Result<decltype(read(std::declval<Reader>()))>
{
    std::string what;
    try {
        const Json json = Json::parse(text);
        return read(Reader{json});
    } catch (const Fault& fault) {
        what = fault.what;
    } catch (const Json::exception&) {
        what = "it is no JSON";
    }
    return base::fail(
        base::Error{ErrorCode::invalid_argument, Retry::never, std::move(what)}.during(
            "read a message of the pipeline"));
}

/// Texts are valid UTF-8 already; what slipped through is replaced, never thrown over.
std::string dump(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

store::MessageRecord read_record(const Reader& from)
{
    store::MessageRecord record;
    record.id = from.id<store::MessageId>("id");
    if (from.find("refetched_as") != nullptr) {
        record.refetched_as = from.id<store::MessageId>("refetched_as");
    }
    record.mailbox = from.id<store::MailboxId>("mailbox");
    record.received_at = from.instant("received_at");
    record.inspected_at = from.instant("inspected_at");
    record.octets = from.number("octets", std::numeric_limits<std::int64_t>::max());
    record.sha256 = from.get<std::string>("sha256");
    record.message_id_field = from.get<std::string>("message_id_field");
    record.sender = from.get<std::string>("sender");
    record.recipients = from.get<std::vector<std::string>>("recipients");
    record.blind_recipients = from.get<std::vector<std::string>>("blind_recipients");
    record.subject = from.get<std::string>("subject");
    record.copy_form = from.get<std::string>("copy_form");
    record.arrived_from = from.get<std::string>("arrived_from");
    record.is_detected = from.get<bool>("is_detected");
    record.is_partial = from.get<bool>("is_partial");
    record.awaits_reinspection = from.get<bool>("awaits_reinspection");
    record.importance = from.importance("importance");
    record.sentence = from.get<std::string>("sentence");
    record.engines = from.get<std::vector<std::string>>("engines");
    record.rules = from.get<std::vector<std::string>>("rules");
    record.report_json = from.get<std::string>("report_json");
    record.content_kept = from.get<bool>("content_kept");
    return record;
}

Json list_of(const std::vector<store::MessageId>& ids)
{
    Json list = Json::array();
    for (const store::MessageId& id : ids) {
        list.push_back(id.to_string());
    }
    return list;
}

} // namespace

std::string to_json(const RecordCall& call)
{
    const store::MessageRecord& record = call.record;
    return dump(
        {{"id", record.id.to_string()},
         {"refetched_as", record.refetched_as ? Json(record.refetched_as->to_string()) : Json{}},
         {"mailbox", record.mailbox.to_string()},
         {"received_at", base::to_rfc3339(record.received_at)},
         {"inspected_at", base::to_rfc3339(record.inspected_at)},
         {"octets", record.octets},
         {"sha256", record.sha256},
         {"message_id_field", record.message_id_field},
         {"sender", record.sender},
         {"recipients", record.recipients},
         {"blind_recipients", record.blind_recipients},
         {"subject", record.subject},
         {"copy_form", record.copy_form},
         {"arrived_from", record.arrived_from},
         {"is_detected", record.is_detected},
         {"is_partial", record.is_partial},
         {"awaits_reinspection", record.awaits_reinspection},
         {"importance", verdict::to_string(record.importance)},
         {"sentence", record.sentence},
         {"engines", record.engines},
         {"rules", record.rules},
         {"report_json", record.report_json},
         {"content_kept", record.content_kept},
         {"is_reinspection", call.inspection == Inspection::repeated}});
}

Result<RecordCall> parse_record_call(const std::string& json)
{
    return parse(json, [](const Reader& from) {
        const bool is_repeated = from.get<bool>("is_reinspection");
        return RecordCall{read_record(from),
                          is_repeated ? Inspection::repeated : Inspection::first};
    });
}

std::string to_json(const store::Recorded& recorded)
{
    Json json{{"is_new", recorded.is_new}};
    if (recorded.alert) {
        json["alert"] = recorded.alert->to_string();
    }
    return dump(json);
}

Result<store::Recorded> parse_recorded(const std::string& json)
{
    return parse(json, [](const Reader& from) {
        store::Recorded recorded;
        recorded.is_new = from.get<bool>("is_new");
        if (from.find("alert") != nullptr) {
            recorded.alert = from.id<store::AlertId>("alert");
        }
        return recorded;
    });
}

std::string ids_to_json(const std::string& name, const std::vector<store::MessageId>& ids)
{
    return dump({{name, list_of(ids)}});
}

Result<std::vector<store::MessageId>> parse_ids(const std::string& name, const std::string& json)
{
    return parse(json, [&](const Reader& from) {
        std::vector<store::MessageId> ids;
        for (const auto& text : from.get<std::vector<std::string>>(name.c_str())) {
            const auto id = store::MessageId::parse(text);
            ids.push_back(id ? *id : throw Fault{name + " holds something that is no id"});
        }
        return ids;
    });
}

std::string to_json(const std::vector<store::AwaitingMessage>& messages)
{
    Json list = Json::array();
    for (const store::AwaitingMessage& message : messages) {
        list.push_back({{"id", message.id.to_string()}, {"mailbox", message.mailbox.to_string()}});
    }
    return dump({{"messages", std::move(list)}});
}

Result<std::vector<store::AwaitingMessage>> parse_awaiting(const std::string& json)
{
    return parse(json, [](const Reader& from) {
        std::vector<store::AwaitingMessage> messages;
        for (const Json& item : from.list("messages")) {
            const Reader message{item};
            messages.push_back(
                {message.id<store::MessageId>("id"), message.id<store::MailboxId>("mailbox")});
        }
        return messages;
    });
}

std::string to_json(const CopySettings& copies)
{
    Json list = Json::array();
    for (const auto& [mailbox, setting] : copies) {
        list.push_back({{"id", mailbox}, {"copies", model::to_string(setting)}});
    }
    return dump({{"mailboxes", std::move(list)}});
}

Result<CopySettings> parse_copies(const std::string& json)
{
    return parse(json, [](const Reader& from) {
        CopySettings copies;
        for (const Json& item : from.list("mailboxes")) {
            const Reader mailbox{item};
            const auto setting = model::parse_copy_setting(mailbox.get<std::string>("copies"));
            copies[mailbox.get<std::string>("id")] =
                setting ? *setting : throw Fault{"copies is no form of copies"};
        }
        return copies;
    });
}

std::string limit_to_json(std::uint32_t limit)
{
    return dump({{"limit", limit}});
}

Result<std::uint32_t> parse_limit(const std::string& json)
{
    return parse(json, [](const Reader& from) {
        return static_cast<std::uint32_t>(from.number("limit", 100'000));
    });
}

std::string to_json(const RuleList& list)
{
    Json files = Json::array();
    for (const RuleFile& file : list.files) {
        files.push_back({{"path", file.path.native()},
                         {"name", file.name},
                         {"importance", verdict::to_string(file.importance)}});
    }
    return dump({{"files", std::move(files)}, {"revision", list.revision}});
}

Result<RuleList> parse_rule_list(const std::string& json)
{
    return parse(json, [](const Reader& from) {
        RuleList list;
        list.revision = from.number("revision", std::numeric_limits<std::int64_t>::max());
        for (const Json& item : from.list("files")) {
            const Reader file{item};
            list.files.push_back({file.get<std::string>("path"), file.get<std::string>("name"),
                                  file.importance("importance")});
        }
        return list;
    });
}

std::string to_json(const RuleCheck& check)
{
    return dump({{"name", check.name}, {"source", check.source}});
}

Result<RuleCheck> parse_rule_check(const std::string& json)
{
    return parse(json, [](const Reader& from) {
        return RuleCheck{from.get<std::string>("name"), from.get<std::string>("source")};
    });
}

std::string rule_count_to_json(std::uint32_t count)
{
    return dump({{"rule_count", count}});
}

Result<std::uint32_t> parse_rule_count(const std::string& json)
{
    return parse(json, [](const Reader& from) {
        return static_cast<std::uint32_t>(
            from.number("rule_count", std::numeric_limits<std::uint32_t>::max()));
    });
}

std::string message_to_json(store::MessageId id)
{
    return dump({{"message", id.to_string()}});
}

Result<store::MessageId> parse_message(const std::string& json)
{
    return parse(json, [](const Reader& from) { return from.id<store::MessageId>("message"); });
}

std::string to_json(const PipelineStatus& status)
{
    Json engines = Json::array();
    for (const EngineState& engine : status.engines) {
        engines.push_back({{"name", engine.name},
                           {"state", engine.state},
                           {"version", engine.version},
                           {"last_error", engine.last_error}});
    }
    Json json{{"engines", std::move(engines)},
              {"backlog", status.backlog},
              {"awaiting_reinspection", status.awaiting_reinspection},
              {"warnings", status.warnings},
              {"builtin_rule_count", status.builtin_rule_count},
              {"rules_revision", status.rules_revision}};
    if (status.oldest_at) {
        json["oldest_at"] = base::to_rfc3339(*status.oldest_at);
    }
    return dump(json);
}

Result<PipelineStatus> parse_pipeline_status(const std::string& json)
{
    return parse(json, [](const Reader& from) {
        constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
        PipelineStatus status;
        const Json& engines = from.at("engines");
        if (!engines.is_array()) {
            throw Fault{"engines is no list"};
        }
        for (const Json& item : engines) {
            const Reader engine{item};
            status.engines.push_back(
                {engine.get<std::string>("name"), engine.get<std::string>("state"),
                 engine.get<std::string>("version"), engine.get<std::string>("last_error")});
        }
        status.backlog = from.number("backlog", most);
        status.awaiting_reinspection = from.number("awaiting_reinspection", most);
        status.warnings = from.get<std::vector<std::string>>("warnings");
        status.builtin_rule_count = static_cast<std::uint32_t>(
            from.number("builtin_rule_count", std::numeric_limits<std::uint32_t>::max()));
        status.rules_revision = from.number("rules_revision", most);
        if (from.find("oldest_at") != nullptr) {
            status.oldest_at = from.instant("oldest_at");
        }
        return status;
    });
}

} // namespace watchpost::pipeline
