// Why TLS failed for a reason other than the certificate, in an administrator's words and with the
// remedy. Thread-safe: reads the calling thread's error queue.
#pragma once

#include "base/error.h"
#include "net/stream_bio.h"

namespace watchpost::net {

/// After a call of OpenSSL that failed: the transport's own error (time, cancellation, reset) if
/// there is one, else connection_lost at an end without close_notify, else tls_failed.
[[nodiscard]] base::Error explain_tls_failure(Transport& transport);

/// The same in the middle of the handshake, where an end or a reset often means "no TLS here".
[[nodiscard]] base::Error explain_handshake_failure(Transport& transport);

} // namespace watchpost::net
