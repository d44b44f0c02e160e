#include "api/api.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "api/call.h"
#include "api/json.h"
#include "api/metrics.h"
#include "api/problem.h"
#include "api/request_pools.h"
#include "base/json_depth.h"
#include "http/router.h"

namespace watchpost::api {

namespace {

constexpr std::string_view api_prefix = "/api/v1";
constexpr std::size_t body_depth_max = 32; // of JSON

/// Message content is hostile: nothing that did not come with the console runs, loads or is sent.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> security_headers{
    {{"content-security-policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
      "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
      "base-uri 'none'"},
     {"x-content-type-options", "nosniff"},
     {"referrer-policy", "no-referrer"},
     {"cross-origin-opener-policy", "same-origin"},
     {"cross-origin-resource-policy", "same-origin"}}};

http::Response busy(Work kind)
{
    return kind == Work::mail_server
               ? to_response({503,
                              "unavailable",
                              "As many connections are being tested as may be at once.",
                              "Each ends after a hundred seconds at most.",
                              {},
                              10})
               : to_response({503,
                              "unavailable",
                              "Too many requests wait.",
                              "Try again in a moment.",
                              {},
                              1});
}

bool may_run_before_password_change(std::string_view operation)
{
    return operation == "getSession" || operation == "signOut" || operation == "changeOwnPassword";
}

http::Response serve_asset(const http::Request& request, const Asset& asset)
{
    http::Response response;
    response.headers = {
        {"content-type", std::string{asset.content_type}},
        {"etag", std::string{asset.etag}},
        {"cache-control", asset.is_immutable ? "public, max-age=31536000, immutable" : "no-cache"}};
    if (request.header("if-none-match") == asset.etag) {
        response.status = 304;
    } else {
        response.body = base::as_text(asset.bytes);
    }
    return response;
}

} // namespace

class Api::Implementation {
public:
    Implementation(const ApiSettings& settings, store::Writer& writer, Backend& backend,
                   CertificateStore& certificates, const AssetSource* assets, const diag::Log* log)
        : assets_{assets}
        , service_{settings,
                   writer,
                   backend,
                   certificates,
                   Sessions{settings.sessions},
                   {},
                   EventHub{settings.event_streams_max},
                   secrets::hash_password(secrets::random_password(), settings.password_cost),
                   log}
        , pools_{RequestPoolSettings{}}
    {
        for (const Permission& permission : permission_table()) {
            router_.add(permission.method, std::string{api_prefix}.append(permission.pattern));
        }
    }
    ~Implementation()
    {
        is_stopping_ = true;
        service_.events.close_all();
    }
    Implementation(const Implementation&) = delete;
    Implementation& operator=(const Implementation&) = delete;

    void handle(http::Request request, http::Responder responder);
    [[nodiscard]] http::Response answer(http::Request request);
    /// `read` makes the event, or nullopt; it is called only where somebody listens.
    void publish(std::string_view name, std::string_view operation,
                 const std::function<std::optional<Json>()>& read);
    [[nodiscard]] Service& service() noexcept { return service_; }

private:
    [[nodiscard]] const Permission* find(http::Request& request, http::Response& miss) const;
    [[nodiscard]] Work kind_of(const http::Request& request) const;
    [[nodiscard]] http::Response answer_api(http::Request& request);
    [[nodiscard]] http::Response secured(http::Response response) const;
    [[nodiscard]] http::Response answer_signed_in(Call& call, const Permission& permission);
    [[nodiscard]] http::Response answer_metrics(const http::Request& request);
    [[nodiscard]] http::Response answer_asset(const http::Request& request) const;
    [[nodiscard]] std::optional<store::User> account_of(const Session& session) const;

    const AssetSource* assets_;
    http::Router router_;
    Service service_;
    std::atomic<bool> is_stopping_{false};
    std::mutex publishing_;
    RequestPools pools_; // last: its threads use all others
};

const Permission* Api::Implementation::find(http::Request& request, http::Response& miss) const
{
    http::Router::Miss why{};
    std::vector<std::string> allowed;
    auto match = router_.find(request.method, request.path, why, allowed);
    if (match) {
        request.path_parameters = std::move(match->parameters);
        return &permission_table()[match->route];
    }
    if (why == http::Router::Miss::no_such_path) {
        miss = not_found();
        return nullptr;
    }
    miss = to_response({405, "not_found", "There is no such method here."});
    std::string names;
    for (const std::string& method : allowed) {
        names += (names.empty() ? "" : ", ") + method;
    }
    miss.headers.emplace_back("allow", names);
    return nullptr;
}

std::optional<store::User> Api::Implementation::account_of(const Session& session) const
{
    auto user = service_.store().user(session.user);
    return user && user->is_enabled && user->session_epoch == session.epoch
               ? std::optional{std::move(*user)}
               : std::nullopt;
}

http::Response Api::Implementation::answer_signed_in(Call& call, const Permission& permission)
{
    const auto session = service_.sessions.use(call.token, call.now);
    auto user = session ? account_of(*session) : std::nullopt;
    if (!user) {
        return to_response({401, "not_signed_in", "Nobody is signed in, or the session is over."});
    }
    if (call.request.method != "GET" &&
        !secrets::is_equal(call.request.header("x-csrf-token"), session->csrf_token)) {
        return to_response({403, "csrf", "The request does not come from the console.",
                            "Send the session's csrf_token in the header X-CSRF-Token."});
    }
    if (user->must_change_password && !may_run_before_password_change(permission.operation)) {
        return to_response({403, "password_change_required", "The password has to be changed."});
    }
    if (!permission.is_for(user->roles)) {
        return to_response({403, "forbidden", "No role of this account permits it."});
    }
    call.session = *session;
    call.actor = {user->id, user->name, call.request.peer_address};
    call.user = std::move(*user);
    return find_handler(permission.operation)(call);
}

http::Response Api::Implementation::answer_api(http::Request& request)
{
    http::Response miss;
    const Permission* const permission = find(request, miss);
    if (permission == nullptr) {
        return miss;
    }
    Call call{service_, request, base::now()};
    call.token = request.cookie("watchpost_session");
    if (!request.body.empty() && !request.header("content-type").starts_with("application/json")) {
        return to_response({422, "invalid_fields", "The body is not application/json.",
                            "A form of another site could send anything else."});
    }
    if (base::is_nested_deeper_than(request.body, body_depth_max)) {
        return to_response({422, "invalid_fields", "The body is nested too deep."});
    }
    try {
        return permission->operation == "signIn" ? sign_in(call)
                                                 : answer_signed_in(call, *permission);
    } catch (const std::exception& error) { // of the JSON library, on something stored
        return to_response({500, "internal", "The service failed to do it.", error.what()});
    }
}

/// For a collector on this machine, or for whoever may see the status.
http::Response Api::Implementation::answer_metrics(const http::Request& request)
{
    const auto session =
        service_.sessions.look_at(std::string{request.cookie("watchpost_session")}, base::now());
    const bool is_local = request.peer_address == "127.0.0.1" || request.peer_address == "::1";
    if (!is_local && !(session && account_of(*session))) {
        return to_response({401, "not_signed_in",
                            "Metrics are for this machine and for whoever is "
                            "signed in."});
    }
    http::Response response;
    response.headers = {{"content-type", "text/plain; version=0.0.4; charset=utf-8"},
                        {"cache-control", "no-store"}};
    response.body = metrics_text(service_.backend.status());
    return response;
}

http::Response Api::Implementation::answer_asset(const http::Request& request) const
{
    if (request.method != "GET" && request.method != "HEAD") {
        return to_response({405, "not_found", "There is no such method here."});
    }
    const Asset* const asset = assets_ == nullptr ? nullptr : assets_->find(request.path);
    return asset == nullptr ? not_found() : serve_asset(request, *asset);
}

http::Response Api::Implementation::secured(http::Response response) const
{
    for (const auto& [name, value] : security_headers) {
        response.headers.emplace_back(name, value);
    }
    // Not with a certificate of our own making: a browser could never again be told to go on.
    if (!service_.certificates.current().is_self_made) {
        response.headers.emplace_back("strict-transport-security", "max-age=31536000");
    }
    return response;
}

http::Response Api::Implementation::answer(http::Request request)
{
    http::Response response;
    if (request.path == api_prefix || request.path.starts_with("/api/")) {
        response = answer_api(request);
    } else if (request.path == "/metrics") {
        response = answer_metrics(request);
    } else {
        response = answer_asset(request);
    }
    return secured(std::move(response));
}

Work Api::Implementation::kind_of(const http::Request& request) const
{
    http::Router::Miss why{};
    std::vector<std::string> allowed;
    const auto match = router_.find(request.method, request.path, why, allowed);
    return match ? work_of(permission_table()[match->route].operation) : Work::quick;
}

void Api::Implementation::handle(http::Request request, http::Responder responder)
{
    const Work kind = kind_of(request);
    // std::function wants to be copied, so what can only be moved is shared.
    const auto shared = std::make_shared<std::pair<http::Request, http::Responder>>(
        std::move(request), std::move(responder));
    std::function<void()> work = [this, shared] {
        shared->second.send(is_stopping_ ? secured(busy(Work::quick))
                                         : answer(std::move(shared->first)));
    };
    if (!pools_.post(kind, work)) {
        shared->second.send(secured(busy(kind)));
    }
}

/// One after the other from reading to sending: no event is older than the one before it.
void Api::Implementation::publish(std::string_view name, std::string_view operation,
                                  const std::function<std::optional<Json>()>& read)
{
    const std::lock_guard guard{publishing_};
    if (!service_.events.has_listeners()) {
        return;
    }
    const auto json = read();
    if (!json) {
        return;
    }
    const auto permission =
        std::ranges::find(permission_table(), operation, &Permission::operation);
    const auto now = base::now();
    service_.events.publish(name, json->dump(-1, ' ', false, Json::error_handler_t::replace),
                            [&](const std::string& token) {
                                const auto session = service_.sessions.look_at(token, now);
                                const auto user = session ? account_of(*session) : std::nullopt;
                                if (!user) {
                                    return EventHub::Sight::is_over;
                                }
                                return permission->is_for(user->roles) ? EventHub::Sight::sees
                                                                       : EventHub::Sight::sees_not;
                            });
}

Api::Api(const ApiSettings& settings, store::Writer& writer, Backend& backend,
         CertificateStore& certificates, const AssetSource* assets, const diag::Log* log)
    : implementation_{
          std::make_unique<Implementation>(settings, writer, backend, certificates, assets, log)}
{
}

Api::~Api() = default;

void Api::handle(http::Request request, http::Responder responder)
{
    implementation_->handle(std::move(request), std::move(responder));
}

http::Response Api::answer(http::Request request)
{
    return implementation_->answer(std::move(request));
}

void Api::on_alert(store::AlertId id)
{
    const auto& service = implementation_->service();
    implementation_->publish("alert", "listAlerts", [&]() -> std::optional<Json> {
        const auto detail = service.store().alert(service.scope(), id);
        return detail ? std::optional{to_json(detail->alert)} : std::nullopt;
    });
}

void Api::on_mailbox(store::MailboxId id)
{
    const auto& service = implementation_->service();
    implementation_->publish("mailbox", "listMailboxes", [&]() -> std::optional<Json> {
        const auto mailbox = service.store().mailbox(id);
        return mailbox ? std::optional{to_json(*mailbox, service.backend.mailbox_status(id))}
                       : std::nullopt;
    });
}

void Api::on_mailboxes()
{
    if (!implementation_->service().events.has_listeners()) {
        return;
    }
    if (const auto mailboxes = implementation_->service().store().mailboxes()) {
        for (const auto& mailbox : *mailboxes) {
            on_mailbox(mailbox.id);
        }
    }
}

void Api::on_status()
{
    implementation_->publish("status", "getStatus", [&]() -> std::optional<Json> {
        return to_json(implementation_->service().backend.status());
    });
}

} // namespace watchpost::api
