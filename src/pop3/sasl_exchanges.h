// The mechanisms behind make_sasl, one factory each. Private.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "pop3/sasl.h"

namespace watchpost::pop3 {

using SaslPointer = std::unique_ptr<SaslExchange>;

[[nodiscard]] SaslPointer make_plain(const Credentials& credentials);
[[nodiscard]] SaslPointer make_login(const Credentials& credentials);
[[nodiscard]] SaslPointer make_cram_md5(const Credentials& credentials); // MD5 is available
[[nodiscard]] SaslPointer make_xoauth2(const Credentials& credentials);
[[nodiscard]] SaslPointer make_oauthbearer(const Credentials& credentials,
                                           const LoginOptions& options);
[[nodiscard]] SaslPointer make_external(const Credentials& credentials);
[[nodiscard]] SaslPointer make_scram(Mechanism mechanism, const Credentials& credentials,
                                     const LoginOptions& options);

/// A user name within a list: "," and "=" are escaped. RFC 5801 §4, RFC 5802 §5.1
[[nodiscard]] std::string to_saslname(std::string_view user);

/// protocol_violation where the challenge is not base 64.
[[nodiscard]] base::Result<std::string> decode_challenge(std::string_view mechanism,
                                                         std::string_view challenge);

/// The server asks on where the mechanism has nothing more to say.
[[nodiscard]] base::Failure asks_too_much(std::string_view mechanism, std::string_view challenge);

/// The server breaks the mechanism.
[[nodiscard]] base::Failure breaks(std::string_view mechanism, std::string message);

} // namespace watchpost::pop3
