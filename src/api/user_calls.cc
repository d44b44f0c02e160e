// Accounts, and the setting that keeps duties apart.
#include <algorithm>

#include "api/account_password.h"
#include "api/body.h"
#include "api/call.h"
#include "api/json.h"
#include "api/problem.h"

namespace watchpost::api {

namespace {

constexpr std::size_t name_characters_max = 32;
constexpr const char* separate_duties = "separate_duties";

bool is_user_name(const std::string& name)
{
    return !name.empty() && is_letter(name.front()) && has_only_letters_digits_or("_-", name);
}

bool has_role(const std::vector<store::Role>& roles, store::Role role)
{
    return std::ranges::find(roles, role) != roles.end();
}

/// Administrator and Senior security officer at once.
bool joins_duties(const std::vector<store::Role>& roles)
{
    return has_role(roles, store::Role::administrator) &&
           has_role(roles, store::Role::senior_security_officer);
}

base::Result<bool> are_duties_separate(const Call& call)
{
    const auto value = call.service.store().setting(separate_duties);
    if (!value) {
        return base::fail(value.error());
    }
    return value->value_or("false") == "true";
}

std::vector<store::Role> read_roles(const Call& call, Body& body)
{
    std::vector<store::Role> roles;
    for (const std::string& text : body.texts("roles", Body::Presence::required)) {
        const auto role = store::parse_role(text);
        if (!role || has_role(roles, *role)) {
            body.refuse("roles", "There is no such role, or it is named twice.");
        } else {
            roles.push_back(*role);
        }
    }
    if (roles.empty()) {
        body.refuse("roles", "At least one role is needed.");
    }
    if (joins_duties(roles) && are_duties_separate(call).value_or(true)) {
        body.refuse("roles", "Duties are kept separate: nobody is Administrator and Senior "
                             "security officer at once.");
    }
    return roles;
}

std::string read_new_password(const Call& call, Body& body)
{
    const auto password = body.text("password", account_password_characters_max,
                                    Body::Presence::required, new_password_characters_min);
    return count_characters(password) < new_password_characters_min
               ? std::string{}
               : secrets::hash_password(password, call.service.settings.password_cost);
}

/// What was changed, for the audit row.
std::string apply(const Call& call, Body& body, store::User& user)
{
    std::string what;
    if (body.has("roles")) {
        user.roles = read_roles(call, body);
        what += "roles ";
    }
    if (const auto enabled = body.boolean("enabled", Body::Presence::optional)) {
        user.is_enabled = *enabled;
        what += *enabled ? "enabled " : "disabled ";
    }
    if (body.has("password")) {
        set_one_time_password(user, read_new_password(call, body));
        what += "password ";
    }
    if (what.empty()) {
        body.refuse("", "Nothing is to be changed.");
    } else {
        what.pop_back();
    }
    return what;
}

} // namespace

http::Response list_users(Call& call)
{
    const auto users = call.service.store().users();
    if (!users) {
        return to_response(users.error());
    }
    Json items = Json::array();
    for (const store::User& user : *users) {
        items.push_back(to_json(user));
    }
    return json_response({{"items", std::move(items)}});
}

http::Response add_user(Call& call)
{
    Body body{call.request.body};
    store::User user;
    user.name = body.text("name", name_characters_max);
    if (!is_user_name(user.name)) {
        body.refuse("name", "A name begins with a letter and goes on with letters, digits, hyphen "
                            "and underscore.");
    }
    user.roles = read_roles(call, body);
    set_one_time_password(user, read_new_password(call, body));
    if (auto faults = body.faults(); !faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    user.id = store::UserId::make(call.now);
    user.created_at = call.now;
    const auto added = call.service.writer.run(
        [&](store::Store& store) { return store.add_user(user, call.actor); });
    return added ? json_response(to_json(user), 201) : to_response(added.error());
}

http::Response change_user(Call& call)
{
    auto user = path_id<store::UserId>(call, "user_id").and_then([&](store::UserId id) {
        return call.service.store().user(id);
    });
    if (!user) {
        return to_response(user.error());
    }
    Body body{call.request.body};
    const auto what = apply(call, body, *user);
    if (auto faults = body.faults(); !faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    ++user->session_epoch; // what he may do is decided anew
    const auto changed = call.service.writer.run(
        [&](store::Store& store) { return store.change_user(*user, call.actor, what); });
    if (!changed) {
        return to_response(changed.error());
    }
    call.service.guard.note(user->name, {user->failed_sign_ins, user->locked_until});
    return json_response(to_json(*user));
}

http::Response get_settings(Call& call)
{
    const auto separate = are_duties_separate(call);
    return separate ? json_response({{separate_duties, *separate}}) : to_response(separate.error());
}

http::Response apply_settings(Call& call)
{
    Body body{call.request.body};
    const auto separate = body.boolean(separate_duties, Body::Presence::required);
    if (auto faults = body.faults(); !faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    const auto users = call.service.store().users();
    if (!users) {
        return to_response(users.error());
    }
    std::string names;
    for (const store::User& user : *users) {
        if (joins_duties(user.roles)) {
            names += (names.empty() ? "" : ", ") + user.name;
        }
    }
    if (*separate && !names.empty()) {
        return to_response({409, "conflict", "Somebody has both duties: " + names + ".",
                            "Take one of the two roles away first."});
    }
    const auto set = call.service.writer.run([&](store::Store& store) {
        return store.set_setting(separate_duties, *separate ? "true" : "false", call.actor);
    });
    return set ? get_settings(call) : to_response(set.error());
}

} // namespace watchpost::api
