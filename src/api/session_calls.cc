// Signing in and out, one's own password.
#include <algorithm>

#include "api/account_password.h"
#include "api/body.h"
#include "api/call.h"
#include "api/json.h"
#include "api/problem.h"

namespace watchpost::api {

namespace {

constexpr std::size_t name_characters_max = 64;
constexpr std::string_view cookie_rules = "; Path=/; HttpOnly; Secure; SameSite=Strict";

http::Response session_response(const Service& service, const store::User& user,
                                const Session& session)
{
    Json json{{"user", reference(user.id, user.name)},
              {"roles", to_json(user.roles)},
              {"csrf_token", session.csrf_token},
              {"must_change_password", user.must_change_password},
              {"expires_at", base::to_rfc3339(service.sessions.expires_at(session))},
              {"product_version", service.settings.product_version},
              {"is_demo", service.settings.is_demo}};
    return json_response(json);
}

/// Signing in works while the disk is full: what only counts or tells may fail.
void note(Call& call, const store::User& user, const char* action)
{
    const store::AuditRow row{
        call.now, {user.id, user.name, call.request.peer_address}, action, user.name, "{}"};
    call.service.writer.run([&](store::Store& store) {
        if (user.id != store::UserId{}) {
            static_cast<void>(store.note_sign_in(user));
        }
        static_cast<void>(store.audit(row));
    });
}

Refusals refusals_of(const Service& service, const store::User& user)
{
    const Refusals stored{user.failed_sign_ins, user.locked_until};
    const Refusals seen = service.guard.of(user.name);
    return stored.locked_until || stored.count > seen.count ? stored : seen;
}

http::Response refuse(Call& call, store::User& user, Refusals refusals)
{
    const auto& settings = call.service.settings;
    refusals.add(call.now, settings.failed_sign_ins_max, settings.lock_time);
    call.service.guard.note(user.name, refusals);
    user.failed_sign_ins = refusals.count;
    user.locked_until = refusals.locked_until;
    note(call, user, "session.refused");
    if (refusals.is_locked(call.now) && call.service.log != nullptr) {
        call.service.log->write("control.account_locked",
                                {{"user", user.name},
                                 {"peer", call.request.peer_address},
                                 {"until", base::to_rfc3339(*refusals.locked_until)}});
    }
    return to_response({401, "wrong_credentials", "User name or password is wrong."});
}

http::Response locked(const Call& call, const Refusals& refusals)
{
    const auto wait =
        std::chrono::duration_cast<std::chrono::seconds>(*refusals.locked_until - call.now);
    return to_response({429,
                        "locked_out",
                        "Too many tries failed: signing in is locked.",
                        "It opens by itself.",
                        {},
                        std::max<std::int64_t>(wait.count(), 1)});
}

http::Response admit(Call& call, store::User& user)
{
    call.service.guard.note(user.name, {});
    user.failed_sign_ins = 0;
    user.locked_until.reset();
    user.last_sign_in_at = call.now;
    note(call, user, "session.began");
    const auto [token, session] =
        call.service.sessions.begin(user.id, user.session_epoch, call.now);
    auto response = session_response(call.service, user, session);
    response.headers.emplace_back("set-cookie",
                                  "watchpost_session=" + token + std::string{cookie_rules});
    return response;
}

} // namespace

http::Response sign_in(Call& call)
{
    Body body{call.request.body};
    const auto name = body.text("user", name_characters_max);
    const auto password = body.text("password", account_password_characters_max);
    if (auto faults = body.faults(); !faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    store::User user;
    user.name = name;
    const auto found = call.service.store().user_by_name(name);
    if (found) {
        user = *found;
    } else if (found.error().code() != base::ErrorCode::not_found) {
        return to_response(found.error());
    }
    const auto refusals = refusals_of(call.service, user);
    if (refusals.is_locked(call.now)) {
        return locked(call, refusals);
    }
    const bool may_enter = found.has_value() && user.is_enabled;
    const bool is_right =
        secrets::is_password(password, may_enter ? user.password_hash : call.service.dummy_hash);
    return may_enter && is_right ? admit(call, user) : refuse(call, user, refusals);
}

http::Response get_session(Call& call)
{
    return session_response(call.service, call.user, call.session);
}

http::Response sign_out(Call& call)
{
    call.service.sessions.end(call.token);
    call.service.events.close(call.token);
    auto response = no_content();
    response.headers.emplace_back("set-cookie",
                                  "watchpost_session=; Max-Age=0" + std::string{cookie_rules});
    return response;
}

http::Response change_own_password(Call& call)
{
    Body body{call.request.body};
    const auto current = body.text("current_password", account_password_characters_max);
    const auto wanted = body.text("new_password", account_password_characters_max,
                                  Body::Presence::required, new_password_characters_min);
    if (wanted == current) {
        body.refuse("new_password", "This is the present password.");
    }
    if (auto faults = body.faults(); !faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    auto refusals = refusals_of(call.service, call.user);
    if (refusals.is_locked(call.now)) {
        return locked(call, refusals);
    }
    if (!secrets::is_password(current, call.user.password_hash)) {
        static_cast<void>(refuse(call, call.user, refusals)); // guessing counts here, too
        return to_response(
            invalid_fields({{"current_password", "This is not the present password."}}));
    }
    store::User user = call.user;
    user.password_hash = secrets::hash_password(wanted, call.service.settings.password_cost);
    user.must_change_password = false;
    ++user.session_epoch;
    const auto changed = call.service.writer.run(
        [&](store::Store& store) { return store.change_user(user, call.actor, "password"); });
    if (!changed) {
        return to_response(changed.error());
    }
    call.service.sessions.move_to_epoch(call.token, user.session_epoch);
    return no_content();
}

} // namespace watchpost::api
