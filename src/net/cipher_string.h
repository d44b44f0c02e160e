// The "Cipher suite" field: an OpenSSL cipher string in which names that begin with TLS_ set the
// TLS 1.3 suites. OpenSSL drops words that it does not know without a word of its own; here each
// one is named, because a mistyped "!aNUL" must not pass for a restriction. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "net/openssl.h"

namespace watchpost::net {

/// Checks the string and sets both lists; a list that the string does not name keeps its default.
/// Suites without encryption or without a certificate are never offered, whatever it says. The
/// error is invalid_argument and names the word.
[[nodiscard]] base::Result<void> apply_cipher_string(SSL_CTX* context, std::string_view text);

/// What a ClientHello would offer at this security level and these versions, TLS 1.3 first.
[[nodiscard]] std::vector<std::string> offered_cipher_suites(SSL_CTX* context);

} // namespace watchpost::net
