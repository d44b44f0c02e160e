// Sensor servers and their POP3 integrations. The embedded Sensor has the id of this node.
#include <algorithm>
#include <array>

#include "api/body.h"
#include "api/call.h"
#include "api/json.h"
#include "api/problem.h"
#include "api/proposed_mailbox.h"

namespace watchpost::api {

namespace {

/// Of a Sensor's mailboxes the worst decides: the order of these is that of the names below.
std::size_t severity(MailboxState state)
{
    switch (state) {
    case MailboxState::disabled:
        return 0;
    case MailboxState::waiting:
    case MailboxState::polling:
    case MailboxState::ok:
        return 1;
    case MailboxState::warning:
        return 2;
    case MailboxState::paused:
        return 3;
    case MailboxState::error:
        return 4;
    }
    return 0;
}

constexpr std::array<std::string_view, 5> severity_names{"off", "ok", "warning", "paused", "error"};

base::Result<Json> sensor_json(const Call& call)
{
    const auto mailboxes = call.service.store().mailboxes();
    if (!mailboxes) {
        return base::fail(mailboxes.error());
    }
    std::size_t worst = 0;
    std::optional<base::Instant> last_poll;
    std::string last_error;
    for (const auto& mailbox : *mailboxes) {
        const auto status = call.service.backend.mailbox_status(mailbox.id);
        const std::size_t own = severity(status.state);
        if (!status.last_error.empty() && (last_error.empty() || own > worst)) {
            last_error = status.last_error; // the reason of what is shown
        }
        worst = std::max(worst, own);
        last_poll = std::max(last_poll, status.last_poll_at);
    }
    Json json{{"id", call.service.store().this_node().to_string()},
              {"name", "This Central Node"},
              {"type", "central_node"},
              {"certificate_fingerprint", call.service.certificates.current().fingerprint_sha256},
              {"pop3", severity_names.at(worst)},
              {"state", "accepted"},
              {"version", call.service.settings.product_version},
              {"backlog", call.service.backend.status().backlog}};
    if (last_poll) {
        json["last_poll_at"] = base::to_rfc3339(*last_poll);
    }
    if (!last_error.empty()) {
        json["last_error"] = last_error;
    }
    return json;
}

Json mailbox_json(const Call& call, const store::MailboxRecord& mailbox)
{
    return to_json(mailbox, call.service.backend.mailbox_status(mailbox.id));
}

base::Result<Json> mailboxes_json(const store::Store& store, const Backend& backend)
{
    const auto mailboxes = store.mailboxes();
    if (!mailboxes) {
        return base::fail(mailboxes.error());
    }
    Json items = Json::array();
    for (const auto& mailbox : *mailboxes) {
        items.push_back(to_json(mailbox, backend.mailbox_status(mailbox.id)));
    }
    return Json{{"items", std::move(items)}};
}

} // namespace

base::Result<store::MailboxRecord> find_mailbox(const Call& call)
{
    if (!is_this_sensor(call)) {
        return base::fail(base::ErrorCode::not_found, base::Retry::never, "no such Sensor");
    }
    return path_id<store::MailboxId>(call, "mailbox_id").and_then([&](store::MailboxId id) {
        return call.service.store().mailbox(id);
    });
}

base::Result<std::string> mailboxes_as_json(const store::Store& store, const Backend& backend)
{
    return mailboxes_json(store, backend).map([](const Json& json) {
        return json.dump(-1, ' ', false, Json::error_handler_t::replace);
    });
}

http::Response list_sensors(Call& call)
{
    auto json = sensor_json(call);
    return json ? json_response({{"items", Json::array({std::move(*json)})}})
                : to_response(json.error());
}

http::Response get_sensor(Call& call)
{
    if (!is_this_sensor(call)) {
        return not_found();
    }
    const auto json = sensor_json(call);
    return json ? json_response(*json) : to_response(json.error());
}

http::Response list_mailboxes(Call& call)
{
    if (!is_this_sensor(call)) {
        return not_found();
    }
    const auto mailboxes = mailboxes_json(call.service.store(), call.service.backend);
    return mailboxes ? json_response(*mailboxes) : to_response(mailboxes.error());
}

http::Response add_mailbox(Call& call)
{
    if (!is_this_sensor(call)) {
        return not_found();
    }
    auto proposed = take_apart(call, Json::parse(call.request.body, nullptr, false));
    store::MailboxRecord mailbox;
    mailbox.id = store::MailboxId::make(call.now);
    mailbox.node = call.service.store().this_node();
    mailbox.sealed_password = choose_secrets(call, proposed, nullptr);
    if (!proposed.faults.empty()) {
        return to_response(invalid_fields(std::move(proposed.faults)));
    }
    mailbox.name = proposed.name;
    mailbox.settings_json = proposed.settings_json;
    const auto added = call.service.writer.run(
        [&](store::Store& store) { return store.add_mailbox(mailbox, call.actor); });
    if (!added) {
        return to_response(added.error());
    }
    call.service.backend.mailboxes_changed();
    return json_response(mailbox_json(call, *added), 201);
}

http::Response get_mailbox(Call& call)
{
    const auto mailbox = find_mailbox(call);
    return mailbox ? json_response(mailbox_json(call, *mailbox)) : to_response(mailbox.error());
}

http::Response apply_mailbox(Call& call)
{
    const auto stored = find_mailbox(call);
    if (!stored) {
        return to_response(stored.error());
    }
    auto proposed = take_apart(call, Json::parse(call.request.body, nullptr, false));
    if (proposed.version && *proposed.version != stored->version) {
        return to_response({409, "stale_version", "Somebody else applied other settings meanwhile.",
                            "Look at the present ones, then change them."});
    }
    store::MailboxRecord mailbox = *stored;
    mailbox.sealed_password = choose_secrets(call, proposed, &*stored);
    if (!proposed.version) {
        proposed.faults.push_back({"version", "Name the version that was read."});
    }
    if (!proposed.faults.empty()) {
        return to_response(invalid_fields(std::move(proposed.faults)));
    }
    mailbox.name = proposed.name;
    mailbox.settings_json = proposed.settings_json;
    mailbox.version = *proposed.version;
    mailbox.generation += proposed.is_different_maildrop ? 1U : 0U;
    const auto applied = call.service.writer.run(
        [&](store::Store& store) { return store.apply_mailbox(mailbox, call.actor); });
    if (!applied) {
        return to_response(applied.error());
    }
    call.service.backend.mailboxes_changed();
    return json_response(mailbox_json(call, *applied));
}

http::Response remove_mailbox(Call& call)
{
    const auto mailbox = find_mailbox(call);
    if (!mailbox) {
        return to_response(mailbox.error());
    }
    const auto removed = call.service.writer.run(
        [&](store::Store& store) { return store.remove_mailbox(mailbox->id, call.actor); });
    if (!removed) {
        return to_response(removed.error());
    }
    call.service.backend.mailboxes_changed();
    return no_content();
}

http::Response poll_now(Call& call)
{
    const auto mailbox = find_mailbox(call);
    if (!mailbox) {
        return to_response(mailbox.error());
    }
    const auto asked = call.service.backend.poll_now(mailbox->id);
    if (!asked) {
        return to_response(asked.error());
    }
    return accepted();
}

http::Response check_cipher_string(Call& call)
{
    const auto ciphers = call.request.query_value("ciphers");
    if (!ciphers || count_characters(*ciphers) > 1'000) {
        return to_response(
            invalid_fields({{"ciphers", "A value of at most 1,000 characters is needed."}}));
    }
    const auto suites = call.service.backend.cipher_suites(std::string{*ciphers});
    if (!suites) {
        return to_response(invalid_fields({{"ciphers", suites.error().describe()}}));
    }
    return json_response({{"suites", *suites}});
}

} // namespace watchpost::api
