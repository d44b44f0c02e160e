// The OpenSSL context of a TlsClient: versions, cipher suites and trust anchors. Thread-safe.
#pragma once

#include "net/openssl.h"
#include "net/tls.h"

namespace watchpost::net {

/// TLS 1.2 and up at security level 2 or what the cipher string says, the system's store and the CA
/// file. Errors as TlsClient::make has them.
[[nodiscard]] base::Result<SslContext> make_tls_context(const TlsSettings& settings);

} // namespace watchpost::net
