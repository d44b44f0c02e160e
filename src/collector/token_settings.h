// Where the access token of a log-in comes from: the token part of the POP3 form, without secrets.
//
// Plain values; may be copied between threads. RFC 6749, RFC 8628.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/https_url.h"

namespace watchpost::collector {

enum class TokenGrant : std::uint8_t {
    refresh_token,     // RFC 6749 §6
    client_credentials // RFC 6749 §4.4
};

/// "refresh-token", "client-credentials"; nullopt for other words.
[[nodiscard]] std::string_view to_string(TokenGrant grant) noexcept;
[[nodiscard]] std::optional<TokenGrant> parse_token_grant(std::string_view text) noexcept;

struct TokenSettings {
    static constexpr std::size_t client_id_characters_max = 500;
    static constexpr std::size_t scope_characters_max = 1'000;

    TokenGrant grant = TokenGrant::refresh_token;
    http::HttpsUrl endpoint = {};
    std::optional<http::HttpsUrl> device_endpoint = {}; // RFC 8628 §3.1
    std::string client_id = {};
    std::string scope = {};                                      // empty: none is sent
    std::string ca_pem = {};                                     // of the end points
    std::optional<std::chrono::sys_days> secret_expires_on = {}; // as an operator typed it
};

/// "2027-01-31"; nullopt for anything else. RFC 3339 §5.6, full-date.
[[nodiscard]] std::optional<std::chrono::sys_days> parse_date(std::string_view text);
[[nodiscard]] std::string to_text(std::chrono::sys_days date);

/// RFC 6749 App. A: what client ids, scopes, secrets and tokens consist of.
[[nodiscard]] bool is_visible_ascii(std::string_view text) noexcept;

} // namespace watchpost::collector
