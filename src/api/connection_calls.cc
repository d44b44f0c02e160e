// What is tried with settings that are not saved: Test connection, and getting a device code.
#include <optional>

#include "api/body.h"
#include "api/call.h"
#include "api/json.h"
#include "api/problem.h"
#include "api/proposed_mailbox.h"
#include "collector/service_messages.h"

namespace watchpost::api {

namespace {

/// What "settings" and "mailbox_id" of a body come to, for what saves nothing.
struct Unsaved {
    Proposed proposed;
    std::string sealed;
};

/// The response that refuses it, or what was proposed. `without` is a kind that need not be there.
std::optional<http::Response> read_unsaved(Call& call, std::optional<SecretKind> without,
                                           Unsaved& unsaved)
{
    Body body{call.request.body};
    auto settings = body.object("settings");
    const auto mailbox_text = body.text("mailbox_id", 26, Body::Presence::optional);
    if (auto faults = body.faults(); !faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    std::optional<store::MailboxRecord> stored;
    if (!mailbox_text.empty()) {
        auto found = to_id<store::MailboxId>(mailbox_text).and_then([&](store::MailboxId id) {
            return call.service.store().mailbox(id);
        });
        if (!found) {
            return to_response(found.error());
        }
        stored = std::move(*found);
    }
    unsaved.proposed = take_apart(call, Json(settings));
    unsaved.sealed = choose_secrets(call, unsaved.proposed, stored ? &*stored : nullptr);
    auto& faults = unsaved.proposed.faults;
    if (without) {
        std::erase_if(faults, [field = to_string(*without)](const FieldError& fault) {
            return fault.field == field;
        });
    }
    if (!faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    return std::nullopt;
}

http::Response device_response(const base::Result<DeviceState>& state)
{
    return state ? json_response(Json::parse(collector::encode_device_state(*state)))
                 : to_response(state.error());
}

} // namespace

http::Response test_connection(Call& call)
{
    if (!is_this_sensor(call)) {
        return not_found();
    }
    Unsaved unsaved;
    if (auto refused = read_unsaved(call, std::nullopt, unsaved)) {
        return *std::move(refused);
    }
    return to_response(
        call.service.backend.test_connection(unsaved.proposed.settings_json, unsaved.sealed));
}

/// The refresh token is what it is to bring.
http::Response begin_device_code(Call& call)
{
    if (!is_this_sensor(call)) {
        return not_found();
    }
    Unsaved unsaved;
    if (auto refused = read_unsaved(call, SecretKind::password, unsaved)) {
        return *std::move(refused);
    }
    auto settings = Json::parse(unsaved.proposed.settings_json);
    const Json device = settings["token_device_endpoint"]; // null where there is none
    if (settings["token_from"] != "refresh_token" || !device.is_string() || device == Json("")) {
        return to_response(invalid_fields(
            {{"token_device_endpoint", "A device code is got here: a value is needed."}}));
    }
    return device_response(
        call.service.backend.begin_device_code(unsaved.proposed.settings_json, unsaved.sealed));
}

http::Response ask_device_code(Call& call)
{
    if (!is_this_sensor(call)) {
        return not_found();
    }
    Body body{call.request.body};
    const auto id = body.text("id", 100, Body::Presence::required);
    if (auto faults = body.faults(); !faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    return device_response(call.service.backend.ask_device_code(id));
}

} // namespace watchpost::api
