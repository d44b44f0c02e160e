// Names and passwords as SCRAM wants them, so that the same word typed on two keyboards is one: the
// SASLprep profile of stringprep (RFC 4013, RFC 3454), by ICU. Private. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace watchpost::pop3 {

enum class Unassigned : std::uint8_t { refused, allowed }; // of Unicode 3.2. RFC 3454 §7

/// The prepared text. Where SASLprep refuses it (a control character, an emoji, no UTF-8), the text
/// as it was typed: servers that store what their users typed take it, and others refuse it anyway.
[[nodiscard]] std::string saslprep(std::string_view text, Unassigned unassigned);

} // namespace watchpost::pop3
