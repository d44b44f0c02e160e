// Base 64 in one line, as SASL has it in POP3. RFC 4648 §4, RFC 5034 §4. Private. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace watchpost::pop3 {

[[nodiscard]] std::string to_base64(std::string_view octets);

/// Strict: padded, no octet that does not belong, no bits left over; nullopt for anything else.
[[nodiscard]] std::optional<std::string> parse_base64(std::string_view text);

} // namespace watchpost::pop3
