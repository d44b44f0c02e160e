#include "collector/device_code.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "crypto/mac.h"

namespace watchpost::collector {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

/// RFC 8628 §3.1 and §3.4; a client that has a secret says it in both.
void add_client(const TokenRequest& request, http::NamedValues& fields)
{
    fields.emplace_back("client_id", request.settings.client_id);
    if (!request.client_secret.empty()) {
        fields.emplace_back("client_secret", request.client_secret);
    }
}

bool may_pass(ErrorCode code)
{
    return code == ErrorCode::timed_out || code == ErrorCode::connection_lost ||
           code == ErrorCode::connect_failed || code == ErrorCode::name_not_resolved ||
           code == ErrorCode::refused_by_server;
}

} // namespace

DeviceFlow::DeviceFlow(TokenRequest request, DeviceCode code, Time now)
    : request_{std::move(request)}
    , code_{std::move(code)}
    , next_at_{now + code_.interval}
    , ends_at_{now + std::min<std::chrono::seconds>(code_.expires_in, lifetime_max)}
{
}

Result<DeviceFlow> DeviceFlow::begin(const TokenSource::Post& post, const TokenRequest& request,
                                     Time now)
{
    const auto& settings = request.settings;
    WP_ASSERT(settings.device_endpoint.has_value());
    http::NamedValues fields;
    add_client(request, fields);
    if (!settings.scope.empty()) {
        fields.emplace_back("scope", settings.scope);
    }
    const auto reply = post(*settings.device_endpoint, fields, request);
    auto code = reply ? read_device_code(*reply, {.question = TokenQuestion::device_code,
                                                  .host = settings.device_endpoint->host,
                                                  .secrets = secrets_of(fields)})
                      : base::fail(base::Error{reply.error()});
    if (!code) {
        return base::fail(std::move(code).error().during("get device code"));
    }
    return DeviceFlow{request, *std::move(code), now};
}

void DeviceFlow::slow_down(std::chrono::seconds interval, Time now)
{
    code_.interval = std::min(interval, interval_max);
    next_at_ = now + code_.interval;
}

Result<std::optional<std::string>> DeviceFlow::ask(const TokenSource::Post& post, Time now)
{
    if (now >= ends_at_) {
        return base::fail(base::Error{ErrorCode::timed_out, Retry::never,
                                      "the code was not entered in time; begin again"}
                              .during("get device code"));
    }
    if (now < next_at_) {
        return std::nullopt;
    }
    http::NamedValues fields{{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                             {"device_code", code_.device_code}};
    add_client(request_, fields);
    const auto reply = post(request_.settings.endpoint, fields, request_);
    if (!reply && may_pass(reply.error().code())) {
        slow_down(code_.interval * 2, now); // RFC 8628 §3.5
        return std::nullopt;
    }
    auto answer = reply ? read(*reply, fields, now) : base::fail(base::Error{reply.error()});
    if (!answer) {
        return base::fail(std::move(answer).error().during("get device code"));
    }
    return answer;
}

Result<std::optional<std::string>> DeviceFlow::read(const http::Reply& reply,
                                                    const http::NamedValues& sent, Time now)
{
    if (const auto wait = read_device_wait(reply)) {
        slow_down(code_.interval +
                      (*wait == DeviceWait::slow_down ? slower_by : std::chrono::seconds{0}),
                  now);
        return std::nullopt;
    }
    auto tokens = read_tokens(reply, {.question = TokenQuestion::device_code,
                                      .host = request_.settings.endpoint.host,
                                      .secrets = secrets_of(sent)});
    if (!tokens && may_pass(tokens.error().code())) {
        slow_down(code_.interval * 2, now);
        return std::nullopt;
    }
    if (!tokens) {
        return base::fail(std::move(tokens).error());
    }
    crypto::wipe(tokens->access_token);
    if (tokens->refresh_token.empty()) {
        return base::fail(ErrorCode::protocol_violation, Retry::never,
                          "the token end point gave an access token and no refresh token; ask for "
                          "one by the scope (Microsoft and others: offline_access)");
    }
    return std::optional{std::move(tokens->refresh_token)};
}

} // namespace watchpost::collector
