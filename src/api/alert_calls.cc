// Alerts: the list, one of them, and the steps of its life.
#include <algorithm>
#include <charconv>

#include "api/body.h"
#include "api/call.h"
#include "api/json.h"
#include "api/problem.h"
#include "unpack/encrypted_zip.h"

namespace watchpost::api {

namespace {

constexpr std::size_t words_characters_max = 200;
constexpr std::uint32_t page_items_max = 200;
constexpr std::size_t comment_characters_max = 4'000;
constexpr std::uint64_t raw_bytes_max = std::uint64_t{512} << 20U;

/// Reads the query's parameters and remembers which cannot be used.
class QueryReader {
public:
    explicit QueryReader(const http::Request& request) : request_{request} {}

    [[nodiscard]] std::string words(const char* name)
    {
        const std::string text{request_.query_value(name).value_or("")};
        if (count_characters(text) > words_characters_max) {
            refuse(name, "At most 200 characters are allowed.");
        }
        return text;
    }

    [[nodiscard]] std::optional<base::Instant> time(const char* name)
    {
        const auto text = request_.query_value(name);
        if (!text) {
            return std::nullopt;
        }
        const auto time = base::parse_rfc3339(*text);
        if (!time) {
            refuse(name, "This is no time such as 2026-11-24T06:41:23Z.");
        }
        return time;
    }

    template <typename Value, typename Parse>
    [[nodiscard]] std::vector<Value> values(const char* name, Parse parse)
    {
        std::vector<Value> result;
        for (const auto text : request_.query_values(name)) {
            if (const auto value = parse(text)) {
                result.push_back(*value);
            } else {
                refuse(name, "There is no such value.");
            }
        }
        return result;
    }

    void refuse(const char* name, const char* message) { faults_.push_back({name, message}); }
    [[nodiscard]] std::vector<FieldError> faults() const { return faults_; }

private:
    const http::Request& request_;
    std::vector<FieldError> faults_;
};

std::optional<verdict::Importance> parse_importance(std::string_view text)
{
    const auto importance = verdict::parse_importance(text);
    return importance == verdict::Importance::none ? std::nullopt : importance;
}

std::optional<store::AlertOrder> parse_order(std::string_view text)
{
    if (text == "created_desc") {
        return store::AlertOrder::created_desc;
    }
    if (text == "created_asc") {
        return store::AlertOrder::created_asc;
    }
    return text == "importance_desc" ? std::optional{store::AlertOrder::importance_desc}
                                     : std::nullopt;
}

std::optional<std::uint32_t> parse_limit(std::string_view text)
{
    std::uint32_t limit = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), limit);
    return error == std::errc{} && end == text.end() && limit >= 1 && limit <= page_items_max
               ? std::optional{limit}
               : std::nullopt;
}

std::optional<bool> parse_inspected(std::string_view text)
{
    return text == "partial" ? std::optional{true}
           : text == "full"  ? std::optional{false}
                             : std::nullopt;
}

void read_assignee(const Call& call, QueryReader& reader, store::AlertQuery& query)
{
    const auto text = call.request.query_value("assignee");
    if (!text) {
        return;
    }
    if (*text == "none") {
        query.is_unassigned = true;
    } else if (*text == "me") {
        query.assignee = call.user.id;
    } else if (query.assignee = store::UserId::parse(*text); !query.assignee) {
        reader.refuse("assignee", "This is neither a user's id, nor me, nor none.");
    }
}

store::AlertQuery read_query(const Call& call, QueryReader& reader)
{
    store::AlertQuery query;
    query.states = reader.values<store::AlertState>("state", store::parse_alert_state);
    query.importances = reader.values<verdict::Importance>("importance", parse_importance);
    query.engines = reader.values<std::string>(
        "engine", [](std::string_view text) { return std::optional{std::string{text}}; });
    for (const bool is_partial : reader.values<bool>("inspected", parse_inspected)) {
        query.is_partial = is_partial;
    }
    read_assignee(call, reader, query);
    query.sender_words = reader.words("sender");
    query.recipient_words = reader.words("recipient");
    query.subject_words = reader.words("subject");
    query.any_words = reader.words("q");
    query.created_from = reader.time("created_from");
    query.created_to = reader.time("created_to");
    for (const auto order : reader.values<store::AlertOrder>("order", parse_order)) {
        query.order = order;
    }
    query.cursor = reader.words("cursor");
    for (const auto limit : reader.values<std::uint32_t>("limit", parse_limit)) {
        query.limit = limit;
    }
    return query;
}

http::Response change(Call& call, const store::AlertChange& change)
{
    const auto id = path_id<store::AlertId>(call, "alert_id");
    if (!id) {
        return to_response(id.error());
    }
    return to_response(call.service.writer.run([&](store::Store& store) {
        return store.change_alert(call.service.scope(), *id, change, call.actor);
    }));
}

bool is_officer(const store::User& user)
{
    return user.is_enabled && std::ranges::any_of(user.roles, [](store::Role role) {
               return role == store::Role::senior_security_officer ||
                      role == store::Role::security_officer;
           });
}

/// For close and reopen: a comment, if there is one.
http::Response change_with_comment(Call& call, store::AlertAction action,
                                   Body::Presence presence = Body::Presence::optional)
{
    Body body{call.request.body};
    const auto comment = body.text("comment", comment_characters_max, presence,
                                   presence == Body::Presence::required ? 1 : 0);
    if (auto faults = body.faults(); !faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    std::optional<store::UserId> assignee;
    if (action == store::AlertAction::reopened) {
        assignee = call.user.id;
    }
    return change(call, {action, assignee, comment});
}

} // namespace

base::Result<store::AlertDetail> find_alert(const Call& call)
{
    return path_id<store::AlertId>(call, "alert_id").and_then([&](store::AlertId id) {
        return call.service.store().alert(call.service.scope(), id);
    });
}

http::Response no_longer_kept()
{
    return to_response(
        {410, "not_found", "The message is no longer kept.", "What was found in it stays."});
}

http::Response hand_over(Call& call, const store::AlertDetail& alert, const std::string& name,
                         std::string_view content, const store::AlertChange& told)
{
    auto zip = unpack::make_encrypted_zip(name, content, "infected");
    if (!zip) {
        return to_response(zip.error());
    }
    // Who looked at whose mail is told before he has it.
    const auto noted = call.service.writer.run([&](store::Store& store) {
        return store.change_alert(call.service.scope(), alert.alert.id, told, call.actor);
    });
    if (!noted) {
        return to_response(noted.error());
    }
    http::Response response;
    response.headers = {{"content-type", "application/zip"},
                        {"cache-control", "no-store"},
                        {"content-disposition",
                         "attachment; filename=\"" + name.substr(0, name.rfind('.')) + ".zip\""}};
    response.body = std::move(*zip);
    return response;
}

http::Response list_alerts(Call& call)
{
    QueryReader reader{call.request};
    const auto query = read_query(call, reader);
    if (auto faults = reader.faults(); !faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    return to_response(call.service.store().alerts(call.service.scope(), query));
}

http::Response get_alert(Call& call)
{
    return to_response(find_alert(call));
}

http::Response assign_alert(Call& call)
{
    Body body{call.request.body};
    const auto text = body.text("assignee_id", 26);
    const auto comment = body.text("comment", comment_characters_max, Body::Presence::optional);
    const auto user = to_id<store::UserId>(text).and_then(
        [&](store::UserId id) { return call.service.store().user(id); });
    if (!user || !is_officer(*user)) {
        body.refuse("assignee_id", "An alert can be assigned to an enabled officer only.");
    }
    if (auto faults = body.faults(); !faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    return change(call, {store::AlertAction::assigned, user->id, comment});
}

http::Response comment_alert(Call& call)
{
    return change_with_comment(call, store::AlertAction::commented, Body::Presence::required);
}

http::Response close_alert(Call& call)
{
    return change_with_comment(call, store::AlertAction::closed);
}

http::Response reopen_alert(Call& call)
{
    return change_with_comment(call, store::AlertAction::reopened);
}

http::Response download_raw_message(Call& call)
{
    const auto detail = find_alert(call);
    if (!detail) {
        return to_response(detail.error());
    }
    const auto content = call.service.backend.kept_content(detail->alert.message, raw_bytes_max);
    if (!content) {
        return content.error().code() == base::ErrorCode::not_found ? no_longer_kept()
                                                                    : to_response(content.error());
    }
    return hand_over(call, *detail, detail->alert.message.to_string() + ".eml", *content,
                     {store::AlertAction::raw_downloaded, std::nullopt, {}});
}

http::Response list_officers(Call& call)
{
    const auto users = call.service.store().users();
    if (!users) {
        return to_response(users.error());
    }
    Json items = Json::array();
    for (const store::User& user : *users) {
        if (is_officer(user)) {
            items.push_back(reference(user.id, user.name));
        }
    }
    return json_response({{"items", std::move(items)}});
}

} // namespace watchpost::api
