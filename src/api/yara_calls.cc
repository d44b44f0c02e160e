// YARA rule files: compiled before they are accepted, effective at once.
#include "api/body.h"
#include "api/call.h"
#include "api/json.h"
#include "api/problem.h"

namespace watchpost::api {

namespace {

constexpr std::size_t name_characters_max = 100;
constexpr std::size_t source_characters_max = 4'000'000;

Json builtin_file(const Call& call)
{
    return {{"id", store::YaraFileId{}.to_string()},
            {"name", "built-in"},
            {"rule_count", call.service.backend.builtin_yara_rule_count()},
            {"importance", "high"},
            {"builtin", true},
            {"created_at", base::to_rfc3339(call.service.backend.status().started_at)}};
}

base::Result<store::YaraFile> find_file(const Call& call)
{
    return path_id<store::YaraFileId>(call, "yara_id").and_then([&](store::YaraFileId id) {
        return call.service.store().yara_file(id);
    });
}

} // namespace

http::Response list_yara_rules(Call& call)
{
    const auto files = call.service.store().yara_files();
    if (!files) {
        return to_response(files.error());
    }
    Json items = Json::array();
    if (call.service.backend.builtin_yara_rule_count() > 0) {
        items.push_back(builtin_file(call));
    }
    for (const store::YaraFile& file : *files) {
        items.push_back(to_json(file));
    }
    return json_response({{"items", std::move(items)}});
}

http::Response add_yara_rules(Call& call)
{
    Body body{call.request.body};
    store::YaraFile file;
    file.name = body.text("name", name_characters_max, Body::Presence::required, 1);
    file.source = body.text("source", source_characters_max, Body::Presence::required, 1);
    const auto importance = body.text("importance", 10, Body::Presence::optional);
    if (!has_only_letters_digits_or("._-", file.name)) {
        body.refuse("name", "Only letters, digits, dot, hyphen and underscore are allowed.");
    }
    if (const auto parsed = verdict::parse_importance(importance);
        parsed && *parsed != verdict::Importance::none) {
        file.importance = *parsed;
    } else if (!importance.empty()) {
        body.refuse("importance", "This is none of low, medium, high.");
    }
    if (auto faults = body.faults(); !faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    const auto rules = call.service.backend.check_yara(file.name, file.source);
    if (!rules) {
        return rules.error().code() == base::ErrorCode::invalid_argument
                   ? to_response(invalid_fields({{"source", rules.error().message()}}))
                   : to_response(rules.error());
    }
    file.id = store::YaraFileId::make(call.now);
    file.rule_count = *rules;
    file.created_at = call.now;
    file.created_by = call.user.id;
    file.created_by_name = call.user.name;
    const auto added = call.service.writer.run(
        [&](store::Store& store) { return store.add_yara_file(file, call.actor); });
    if (!added) {
        return to_response(added.error());
    }
    call.service.backend.yara_files_changed();
    return json_response(to_json(file), 201);
}

http::Response get_yara_rules(Call& call)
{
    const auto file = find_file(call);
    if (!file) {
        return to_response(file.error());
    }
    Json json = to_json(*file);
    json["source"] = file->source;
    return json_response(json);
}

http::Response remove_yara_rules(Call& call)
{
    const auto file = find_file(call);
    if (!file) {
        return to_response(file.error());
    }
    const auto removed = call.service.writer.run(
        [&](store::Store& store) { return store.remove_yara_file(file->id, call.actor); });
    if (!removed) {
        return to_response(removed.error());
    }
    call.service.backend.yara_files_changed();
    return no_content();
}

} // namespace watchpost::api
