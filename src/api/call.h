// Private: one request on its way through a handler, and what all handlers share.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/api.h"
#include "api/event_hub.h"
#include "api/permissions.h"
#include "api/sessions.h"
#include "api/sign_in_guard.h"
#include "http/message.h"
#include "store/records.h"
#include "store/writer.h"

namespace watchpost::api {

/// Shared by all calls; each member has a thread rule of its own.
struct Service {
    ApiSettings settings;
    store::Writer& writer;
    Backend& backend;
    CertificateStore& certificates;
    Sessions sessions;
    SignInGuard guard;
    EventHub events;
    std::string dummy_hash;         // of no password: an unknown name costs what a known one does
    const diag::Log* log = nullptr; // may be null

    [[nodiscard]] const store::Store& store() const { return writer.reader(); }
    [[nodiscard]] store::Scope scope() const { return {store().default_tenant()}; }
};

struct Call {
    Service& service;
    const http::Request& request;
    base::Instant now{};
    std::string token = {};
    Session session = {};  // not for signIn
    store::User user = {}; // not for signIn
    store::Actor actor = {};
};

using Handler = http::Response (*)(Call&);

/// The handler of that operationId; never null for one of the permission table.
[[nodiscard]] Handler find_handler(std::string_view operation) noexcept;

/// What is no id names nothing: not_found.
template <typename Id>
[[nodiscard]] base::Result<Id> to_id(std::string_view text)
{
    if (const auto id = Id::parse(text)) {
        return *id;
    }
    return base::fail(base::ErrorCode::not_found, base::Retry::never, "this is no id");
}

template <typename Id>
[[nodiscard]] base::Result<Id> path_id(const Call& call, std::string_view name)
{
    return to_id<Id>(call.request.path_parameter(name));
}

[[nodiscard]] http::Response not_found();

/// The alert of the path.
[[nodiscard]] base::Result<store::AlertDetail> find_alert(const Call& call);

[[nodiscard]] http::Response no_longer_kept();

/// An encrypted zip of one file, `name` in it; who takes it is told in the alert's history before
/// he has it.
[[nodiscard]] http::Response hand_over(Call& call, const store::AlertDetail& alert,
                                       const std::string& name, std::string_view content,
                                       const store::AlertChange& told);

/// The mailbox of the path; not_found where this Sensor has none such.
[[nodiscard]] base::Result<store::MailboxRecord> find_mailbox(const Call& call);

// By operationId, in the files of their tags.
http::Response sign_in(Call& call);
http::Response get_session(Call& call);
http::Response sign_out(Call& call);
http::Response change_own_password(Call& call);
http::Response list_alerts(Call& call);
http::Response get_alert(Call& call);
http::Response assign_alert(Call& call);
http::Response comment_alert(Call& call);
http::Response close_alert(Call& call);
http::Response reopen_alert(Call& call);
http::Response download_raw_message(Call& call);
http::Response view_object(Call& call);
http::Response download_object(Call& call);
http::Response list_officers(Call& call);
http::Response list_sensors(Call& call);
http::Response get_sensor(Call& call);
http::Response list_mailboxes(Call& call);
http::Response add_mailbox(Call& call);
http::Response get_mailbox(Call& call);
http::Response apply_mailbox(Call& call);
http::Response remove_mailbox(Call& call);
http::Response poll_now(Call& call);
http::Response list_polls(Call& call);
http::Response get_mail_server(Call& call);
http::Response list_stuck_messages(Call& call);
http::Response fetch_again(Call& call);
http::Response end_fetch_again(Call& call);
http::Response try_again(Call& call);
http::Response test_connection(Call& call);
http::Response begin_device_code(Call& call);
http::Response ask_device_code(Call& call);
http::Response check_cipher_string(Call& call);
http::Response list_yara_rules(Call& call);
http::Response add_yara_rules(Call& call);
http::Response get_yara_rules(Call& call);
http::Response remove_yara_rules(Call& call);
http::Response list_users(Call& call);
http::Response add_user(Call& call);
http::Response change_user(Call& call);
http::Response get_settings(Call& call);
http::Response apply_settings(Call& call);
http::Response get_tls_certificate(Call& call);
http::Response upload_tls_certificate(Call& call);
http::Response get_status(Call& call);
http::Response stream_events(Call& call);

} // namespace watchpost::api
