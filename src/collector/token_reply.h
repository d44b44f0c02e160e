// What a token end point answers, read: tokens, a device code, or an error. Without I/O.
//
// The end point is a stranger: the body is bounded by whoever read it, its JSON by depth and field
// sizes here, and its words are quoted before they go into a message. Pure functions; thread-safe.
// RFC 6749 §5, RFC 8628 §3.2 and §3.5.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "collector/token_settings.h"
#include "http/form_post.h"

namespace watchpost::collector {

inline constexpr std::size_t token_bytes_max = 16'000; // access or refresh token, each
inline constexpr std::size_t token_json_levels_max = 16;

struct Tokens {
    std::string access_token = {};
    std::chrono::seconds expires_in{600}; // where the server does not say
    std::string refresh_token = {};       // empty: the server gave none
};

/// What was asked for decides the words of a refusal.
enum class TokenQuestion : std::uint8_t { refresh_token, client_credentials, device_code };

/// What was asked, and whom: for the words of a refusal.
struct TokenInquiry {
    TokenQuestion question = TokenQuestion::device_code;
    std::string host = {};
    std::vector<std::string_view> secrets = {}; // that were sent: no message repeats them
};

/// auth_rejected where the end point refuses what it was given; refused_by_server where it is in
/// trouble or is no token end point; protocol_violation for what cannot be read. The message has
/// the server's words and the remedy.
[[nodiscard]] base::Result<Tokens> read_tokens(const http::Reply& reply,
                                               const TokenInquiry& inquiry);

/// The refresh token of any 200 reply, whatever is wrong with the rest: the server may have voided
/// the one before. Empty where there is none that can be used.
[[nodiscard]] std::string read_refresh_token(const http::Reply& reply);

struct DeviceCode {
    std::string device_code; // a secret until it is used
    std::string user_code;
    std::string verification_uri;
    std::string verification_uri_complete; // may be empty
    std::chrono::seconds expires_in{};
    std::chrono::seconds interval{5};
};

[[nodiscard]] base::Result<DeviceCode> read_device_code(const http::Reply& reply,
                                                        const TokenInquiry& inquiry);

enum class DeviceWait : std::uint8_t { pending, slow_down };

/// The secrets among the fields of a request, which outlive them. RFC 6749 §2.3.1, §6; RFC 8628
/// §3.4
[[nodiscard]] std::vector<std::string_view> secrets_of(const http::NamedValues& fields);

/// Whether an error reply to a device code says that its user is not done yet. RFC 8628 §3.5
[[nodiscard]] std::optional<DeviceWait> read_device_wait(const http::Reply& reply);

} // namespace watchpost::collector
