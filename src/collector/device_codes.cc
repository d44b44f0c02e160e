#include "collector/device_codes.h"

#include <utility>

#include "collector/console_text.h"
#include "collector/integration.h"
#include "diag/quote.h"
#include "secrets/password.h"

namespace watchpost::collector {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

constexpr std::size_t id_octets = 18;

DeviceState failed(const base::Error& error)
{
    return {.outcome = DeviceState::Outcome::failed, .text = to_console_text(error)};
}

/// What a code is asked for with; the refresh token is yet to come.
Result<TokenRequest> read_request(const secrets::KeyPair& key, const std::string& settings_json,
                                  const std::string& sealed)
{
    auto integration = parse_integration(settings_json);
    if (!integration) {
        return base::fail(std::move(integration).error());
    }
    const auto& settings = integration->settings;
    if (!settings.tokens || settings.tokens->grant != TokenGrant::refresh_token ||
        !settings.tokens->device_endpoint) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "a device code needs \"Token from\" a refresh token, and a device end "
                          "point");
    }
    TokenRequest request{.settings = *settings.tokens, .proxy = settings.proxy};
    if (!SealedSecrets{sealed}.box(SecretKind::client_secret).empty()) {
        const auto secret = open_secret(key, SecretKind::client_secret, settings_json, sealed);
        if (!secret) {
            return base::fail(secret.error());
        }
        request.client_secret = secret->reveal();
    }
    return request;
}

std::uint64_t to_seconds(std::chrono::seconds time)
{
    return static_cast<std::uint64_t>(time.count());
}

} // namespace

std::string_view to_string(DeviceState::Outcome outcome) noexcept
{
    switch (outcome) {
    case DeviceState::Outcome::pending:
        return "pending";
    case DeviceState::Outcome::granted:
        return "granted";
    case DeviceState::Outcome::failed:
        return "failed";
    }
    return "unknown";
}

Result<std::string> DeviceCodes::add(DeviceFlow flow, const std::string& settings_json)
{
    const std::lock_guard held{lock_};
    std::erase_if(flows_, [now = clock_()](const auto& row) {
        return row.second.use_count() == 1 && row.second->flow.ends_at() <= now;
    });
    if (flows_.size() >= flows_max) {
        return base::fail(ErrorCode::busy, Retry::later,
                          "20 device codes wait to be entered: enter them, or wait until they end");
    }
    auto id = secrets::random_token(id_octets);
    flows_[id] = std::make_shared<Flow>(std::move(flow), settings_json);
    return id;
}

DeviceState DeviceCodes::begin(const std::string& settings_json, const std::string& sealed)
{
    const auto request = read_request(key_, settings_json, sealed);
    if (!request) {
        return failed(request.error());
    }
    auto flow = DeviceFlow::begin(post_, *request, clock_());
    if (!flow) {
        return failed(flow.error());
    }
    const auto& code = flow->code();
    DeviceState state{.user_code = diag::quote(code.user_code),
                      .verification_uri = code.verification_uri,
                      .verification_uri_complete = code.verification_uri_complete,
                      .expires_in_s = to_seconds(code.expires_in),
                      .interval_s = to_seconds(code.interval)};
    auto id = add(*std::move(flow), settings_json);
    if (!id) {
        return failed(id.error());
    }
    state.id = *std::move(id);
    return state;
}

void DeviceCodes::drop(const std::string& id)
{
    const std::lock_guard held{lock_};
    flows_.erase(id);
}

DeviceState DeviceCodes::ask(const std::string& id)
{
    std::shared_ptr<Flow> flow;
    {
        const std::lock_guard held{lock_};
        const auto found = flows_.find(id);
        if (found == flows_.end()) {
            return failed({ErrorCode::not_found, Retry::never,
                           "this device code is not waited for any more; begin again"});
        }
        flow = found->second;
    }
    const std::lock_guard held{flow->lock};
    auto token = flow->flow.ask(post_, clock_());
    if (!token) {
        drop(id);
        return failed(token.error());
    }
    if (!*token) {
        return {.id = id, .interval_s = to_seconds(flow->flow.code().interval)};
    }
    drop(id);
    const secrets::Secret refresh_token{**std::move(token)};
    const auto box = seal_secret(key_.public_key(), SecretKind::password, flow->settings_json,
                                 refresh_token.reveal());
    return {.outcome = DeviceState::Outcome::granted,
            .sealed_token = to_sealed_token(flow->settings_json, box)};
}

} // namespace watchpost::collector
