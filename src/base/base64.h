// Base 64 in one line, as protocols carry it: RFC 4648 §4. That of messages, which forgives, is
// message/base64.h. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace watchpost::base {

[[nodiscard]] std::string to_base64(std::string_view octets);

/// Strict: padded, no octet that does not belong, no bits left over; nullopt for anything else.
[[nodiscard]] std::optional<std::string> parse_base64(std::string_view text);

} // namespace watchpost::base
