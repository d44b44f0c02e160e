#include "collector/token_source.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "crypto/mac.h"
#include "crypto/sha256.h"
#include "net/server_name.h"

namespace watchpost::collector {

using base::Result;

namespace {

/// RFC 6749 §4.4.2, §6; the client's secret in the body (§2.3.1), as Microsoft and Google have it.
http::NamedValues fields_of(const TokenRequest& request, const std::string& refresh_token)
{
    http::NamedValues fields{{"client_id", request.settings.client_id}};
    switch (request.settings.grant) {
    case TokenGrant::refresh_token:
        fields.insert(fields.begin(), {"grant_type", "refresh_token"});
        fields.emplace_back("refresh_token", refresh_token);
        if (!request.client_secret.empty()) {
            fields.emplace_back("client_secret", request.client_secret);
        }
        break;
    case TokenGrant::client_credentials:
        fields.insert(fields.begin(), {"grant_type", "client_credentials"});
        fields.emplace_back("client_secret", request.secret);
        break;
    }
    if (!request.settings.scope.empty()) {
        fields.emplace_back("scope", request.settings.scope);
    }
    return fields;
}

void wipe(http::NamedValues& fields)
{
    for (auto& [name, value] : fields) {
        crypto::wipe(value);
    }
}

std::chrono::steady_clock::duration used_for(std::chrono::seconds expires_in)
{
    const std::chrono::steady_clock::duration whole = expires_in;
    return whole -
           std::min<std::chrono::steady_clock::duration>(TokenSource::early_max, whole / 10);
}

std::string digest_of_all(std::initializer_list<std::string_view> parts)
{
    std::string text;
    for (const auto part : parts) {
        text += std::to_string(part.size()) + ":";
        text += part;
    }
    auto digest = crypto::to_hex(crypto::sha256(base::as_bytes(text)));
    crypto::wipe(text);
    return digest;
}

/// An access token of other words is another one, although the refresh token is the same.
std::string asked_with(const TokenRequest& request)
{
    return digest_of_all({request.settings.scope, request.client_secret});
}

} // namespace

std::string digest_of(const TokenRequest& request)
{
    const auto& settings = request.settings;
    const std::string port = std::to_string(settings.endpoint.port);
    constexpr std::string_view no_client_secret; // its place, from when it was a part
    return digest_of_all({to_string(settings.grant), settings.endpoint.host, port,
                          settings.endpoint.target, settings.client_id, no_client_secret,
                          request.secret});
}

std::shared_ptr<TokenSource::Entry> TokenSource::entry_of(const std::string& digest)
{
    const std::lock_guard held{lock_};
    if (entries_.size() >= kept_max) { // what nobody waits for; it is fetched again
        std::erase_if(entries_, [](const auto& row) {
            return row.second.use_count() == 1 && row.second->is_kept;
        });
    }
    auto& entry = entries_[digest];
    if (entry == nullptr) {
        entry = std::make_shared<Entry>();
    }
    return entry;
}

Result<AccessToken> TokenSource::get(const TokenRequest& request)
{
    const auto digest = digest_of(request);
    const auto entry = entry_of(digest);
    const auto words = asked_with(request);
    const auto since = around_.clock();
    const std::lock_guard held{entry->lock};
    if (!entry->access_token.empty() && entry->asked_with == words &&
        around_.clock() < entry->good_until) {
        return AccessToken{.text = entry->access_token, .age = AccessToken::Age::kept};
    }
    if (entry->failure && entry->failed_with == words && since < entry->failed_at) {
        return base::fail(base::Error{*entry->failure}); // else each who waits takes its time
    }
    auto fetched = fetch(request, digest, *entry);
    if (!fetched) {
        entry->failure = std::move(fetched).error().during("fetch token");
        entry->failed_with = words;
        entry->failed_at = around_.clock();
        return base::fail(base::Error{*entry->failure});
    }
    entry->failure.reset();
    return fetched;
}

Result<AccessToken> TokenSource::fetch(const TokenRequest& request, const std::string& digest,
                                       Entry& entry)
{
    const bool refreshes = request.settings.grant == TokenGrant::refresh_token;
    std::string refresh_token;
    if (refreshes) {
        refresh_token = !entry.is_kept ? entry.refresh_token
                                       : around_.keeper->find(digest).value_or(request.secret);
    }
    auto fields = fields_of(request, refresh_token);
    const auto reply = around_.post(request.settings.endpoint, fields, request);
    const auto began = around_.clock();
    AccessToken token;
    if (reply && refreshes) {
        token.note = keep_newest(digest, refresh_token, read_refresh_token(*reply), entry);
    }
    auto tokens =
        reply ? read_tokens(*reply, {.question = refreshes ? TokenQuestion::refresh_token
                                                           : TokenQuestion::client_credentials,
                                     .host = request.settings.endpoint.host,
                                     .secrets = secrets_of(fields)})
              : base::fail(base::Error{reply.error()});
    wipe(fields);
    if (!tokens) {
        return base::fail(std::move(tokens).error());
    }
    token.text = tokens->access_token;
    entry.good_until = began + used_for(tokens->expires_in);
    entry.access_token = token.text;
    entry.asked_with = asked_with(request);
    return token;
}

/// `given` is empty where the reply has none. What could not be kept before gets another chance.
std::string TokenSource::keep_newest(const std::string& digest, const std::string& sent,
                                     const std::string& given, Entry& entry)
{
    const bool is_new = !given.empty() && given != sent;
    return is_new || !entry.is_kept ? keep(digest, is_new ? given : sent, entry) : "";
}

/// A new refresh token is durable before anything else is done: the server may have voided the one
/// before. What could not be kept is used from memory and kept at the next chance.
std::string TokenSource::keep(const std::string& digest, std::string refresh_token, Entry& entry)
{
    const auto kept = around_.keeper->keep(digest, refresh_token);
    entry.refresh_token = kept ? "" : std::move(refresh_token);
    entry.is_kept = kept.has_value();
    return kept ? ""
                : "the server gave a new refresh token, which cannot be stored: " +
                      kept.error().describe() +
                      "; until it can, a restart would need a new device code";
}

Result<void> TokenSource::hold(const std::string& holder, const TokenRequest* request)
{
    const bool has_one = request != nullptr && request->settings.grant == TokenGrant::refresh_token;
    return around_.keeper->hold(holder, has_one ? digest_of(*request) : "");
}

void TokenSource::refuse(const TokenRequest& request, const std::string& token)
{
    const auto entry = entry_of(digest_of(request));
    const std::lock_guard held{entry->lock};
    if (entry->access_token == token) {
        crypto::wipe(entry->access_token);
        entry->access_token.clear();
    }
}

TokenSource::Post https_post(const net::Cancellation& cancellation)
{
    return [&cancellation](const http::HttpsUrl& url, const http::NamedValues& fields,
                           const TokenRequest& request) -> Result<http::Reply> {
        auto reply = http::post_form(
            url, fields, {.ca_pem = request.settings.ca_pem, .proxy = request.proxy}, cancellation);
        if (!reply) {
            const auto& error = reply.error();
            return base::fail(error.code(), error.retry(),
                              "the token end point " + net::to_host_and_port(url.host, url.port) +
                                  ": " + error.message());
        }
        return reply;
    };
}

} // namespace watchpost::collector
