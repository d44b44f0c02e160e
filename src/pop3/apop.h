// APOP: a proof of the password by MD5 over a stamp in the greeting. RFC 1939 §7. Private.
//
// Weak (CVE-2007-1558: chosen stamps give away a password's first characters), hence never used
// unless it was chosen by name, and never with a stamp that is no message id.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pop3/credentials.h"

namespace watchpost::pop3 {

/// "<1896.697170952@dbc.mtview.ca.us>"; nullopt where the greeting has none, or one with octets
/// that no message id has: the attack needs those.
[[nodiscard]] std::optional<std::string_view> find_stamp(std::string_view greeting);

/// The argument of the command: name and digest. MD5 is available.
[[nodiscard]] std::string apop_argument(const Credentials& credentials, std::string_view stamp);

} // namespace watchpost::pop3
