#include "collector/token_reply.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_depth.h"
#include "diag/quote.h"

namespace watchpost::collector {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

using Json = nlohmann::json;

constexpr std::size_t words_bytes_max = 400;
constexpr std::chrono::hours lifetime_max{24 * 30};
constexpr std::chrono::seconds interval_max{300};

/// Null where it is no object.
Json parse(const std::string& body)
{
    if (base::is_nested_deeper_than(body, token_json_levels_max)) {
        return {};
    }
    auto json = Json::parse(body, nullptr, false);
    return json.is_object() ? json : Json{};
}

/// Empty where it is no text.
std::string text_of(const Json& json, const char* field)
{
    const auto found = json.find(field);
    return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Some servers send the number as a text.
std::optional<std::chrono::seconds> seconds_of(const Json& json, const char* field,
                                               std::chrono::seconds most)
{
    const auto found = json.find(field);
    if (found == json.end()) {
        return std::nullopt;
    }
    double value = -1;
    if (found->is_number()) {
        value = found->get<double>();
    } else if (found->is_string()) {
        const auto number = base::parse_decimal(found->get<std::string>());
        value = number ? static_cast<double>(*number) : -1;
    }
    if (!(value >= 0)) {
        return std::nullopt;
    }
    return std::chrono::seconds{
        static_cast<std::int64_t>(std::min(value, static_cast<double>(most.count())))};
}

std::string_view remedy_of(std::string_view error, TokenQuestion question)
{
    if (error == "invalid_client") {
        return "check client id and client secret; one that has expired is replaced at the "
               "provider, then here";
    }
    if (error == "invalid_grant" && question == TokenQuestion::refresh_token) {
        return "the refresh token was revoked, has expired or was used elsewhere: get a new one by "
               "device code, or type another one";
    }
    if (error == "unauthorized_client" || error == "unsupported_grant_type") {
        return "the provider does not allow this application to get tokens this way: allow it in "
               "its registration there";
    }
    if (error == "invalid_scope") {
        return "check the scope";
    }
    if (error == "access_denied") {
        return "somebody refused it in the browser; begin again";
    }
    if (error == "expired_token") {
        return "the code was not entered in time; begin again";
    }
    return "check token end point, client id and scope";
}

std::string_view what_of(TokenQuestion question) noexcept
{
    switch (question) {
    case TokenQuestion::refresh_token:
        return "the refresh token";
    case TokenQuestion::client_credentials:
        return "the client's credentials";
    case TokenQuestion::device_code:
        return "the device code";
    }
    return "the request";
}

bool is_temporary(unsigned status, std::string_view error)
{
    return status >= 500 || status == 408 || status == 429 || error == "temporarily_unavailable" ||
           error == "server_error";
}

void replace_each(std::string& text, std::string_view secret)
{
    constexpr std::string_view instead = "…";
    for (auto at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + instead.size())) {
        text.replace(at, secret.size(), instead);
    }
}

/// Some servers repeat what they were sent, as it is or as it was written in the form.
std::string without_secrets(std::string text, const TokenInquiry& inquiry)
{
    for (const auto secret : inquiry.secrets) {
        replace_each(text, secret);
        replace_each(text, http::encode_form({{"", std::string{secret}}}).substr(1));
    }
    return text;
}

/// RFC 6749 §5.2, from servers that keep to it and from those that do not.
base::Failure refusal(const http::Reply& reply, const Json& json, const TokenInquiry& inquiry)
{
    const auto& host = inquiry.host;
    const auto question = inquiry.question;
    const auto error = text_of(json, "error");
    const auto told = without_secrets(text_of(json, "error_description"), inquiry);
    std::string words = "status " + std::to_string(reply.status);
    words += error.empty() ? "" : ", " + diag::quote(without_secrets(error, inquiry), 80);
    words += told.empty() ? "" : ": \"" + diag::quote(told, words_bytes_max) + "\"";
    if (is_temporary(reply.status, error)) {
        return base::fail(ErrorCode::refused_by_server, Retry::later,
                          "the token end point " + host + " cannot answer now (" + words +
                              "); it is tried again by itself");
    }
    if (error.empty() && reply.status != 401) {
        return base::fail(ErrorCode::refused_by_server, Retry::later,
                          host + " does not answer as a token end point (" + words +
                              "); check the address of the end point");
    }
    return base::fail(ErrorCode::auth_rejected, Retry::never,
                      "the token end point " + host + " refuses " + std::string{what_of(question)} +
                          " (" + words + "); " + std::string{remedy_of(error, question)});
}

base::Failure unreadable(const std::string& host, std::string_view what)
{
    return base::fail(ErrorCode::protocol_violation, Retry::later,
                      "the reply of the token end point " + host + " " + std::string{what} +
                          "; check the address of the end point");
}

bool is_token(std::string_view text)
{
    return text.size() <= token_bytes_max && is_visible_ascii(text);
}

bool is_bearer(std::string type)
{
    std::ranges::transform(type, type.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    });
    return type == "bearer";
}

} // namespace

std::vector<std::string_view> secrets_of(const http::NamedValues& fields)
{
    std::vector<std::string_view> secrets;
    for (const auto& [name, value] : fields) {
        if (!value.empty() &&
            (name == "client_secret" || name == "refresh_token" || name == "device_code")) {
            secrets.push_back(value);
        }
    }
    return secrets;
}

Result<Tokens> read_tokens(const http::Reply& reply, const TokenInquiry& inquiry)
{
    const auto json = parse(reply.body);
    if (reply.status != 200) {
        return refusal(reply, json, inquiry);
    }
    const auto& host = inquiry.host;
    Tokens tokens;
    tokens.access_token = text_of(json, "access_token");
    tokens.refresh_token = text_of(json, "refresh_token");
    if (tokens.access_token.empty()) {
        return unreadable(host, "holds no access token");
    }
    if (!is_bearer(text_of(json, "token_type"))) { // RFC 6749 §7.1: not to be used then
        return unreadable(host, "gives a token that is no bearer token");
    }
    if (!is_token(tokens.access_token) || !is_token(tokens.refresh_token)) {
        return unreadable(host,
                          "holds a token of over 16,000 octets, or one that is no plain text");
    }
    tokens.expires_in = seconds_of(json, "expires_in", lifetime_max).value_or(tokens.expires_in);
    return tokens;
}

std::string read_refresh_token(const http::Reply& reply)
{
    auto token = reply.status == 200 ? text_of(parse(reply.body), "refresh_token") : "";
    return is_token(token) ? token : "";
}

Result<DeviceCode> read_device_code(const http::Reply& reply, const TokenInquiry& inquiry)
{
    const auto json = parse(reply.body);
    if (reply.status != 200) {
        return refusal(reply, json, inquiry);
    }
    DeviceCode code;
    code.device_code = text_of(json, "device_code");
    code.user_code = text_of(json, "user_code");
    code.verification_uri = text_of(json, "verification_uri");
    if (code.verification_uri.empty()) {
        code.verification_uri = text_of(json, "verification_url"); // Google, before the RFC
    }
    code.verification_uri_complete = text_of(json, "verification_uri_complete");
    code.expires_in = seconds_of(json, "expires_in", lifetime_max).value_or(std::chrono::seconds{});
    code.interval = seconds_of(json, "interval", interval_max).value_or(code.interval);
    const bool is_whole = !code.device_code.empty() && is_token(code.device_code) &&
                          !code.user_code.empty() && code.user_code.size() <= 100 &&
                          is_visible_ascii(code.user_code) && code.expires_in.count() > 0;
    const auto is_address = [](const std::string& text) {
        return text.size() <= http::HttpsUrl::bytes_max && http::parse_https_url(text).has_value();
    };
    if (!is_whole || !is_address(code.verification_uri)) {
        return unreadable(inquiry.host,
                          "holds no device code, user code and https address to enter it at");
    }
    if (!code.verification_uri_complete.empty() && !is_address(code.verification_uri_complete)) {
        code.verification_uri_complete.clear();
    }
    code.interval = std::max(code.interval, std::chrono::seconds{1});
    return code;
}

std::optional<DeviceWait> read_device_wait(const http::Reply& reply)
{
    if (reply.status == 200) {
        return std::nullopt;
    }
    const auto error = text_of(parse(reply.body), "error");
    if (error == "authorization_pending") {
        return DeviceWait::pending;
    }
    return error == "slow_down" ? std::optional{DeviceWait::slow_down} : std::nullopt;
}

} // namespace watchpost::collector
