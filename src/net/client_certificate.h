// The certificate that we show to a server which asks for one. Private to net. Thread-safe.
#pragma once

#include "net/openssl.h"
#include "net/tls.h"

namespace watchpost::net {

/// Puts chain and key of the settings into the context; nothing where there is no certificate.
/// invalid_argument says what is wrong with which.
[[nodiscard]] base::Result<void> set_client_certificate(SSL_CTX* context,
                                                        const TlsSettings& settings);

} // namespace watchpost::net
