// Everything that is wrong with a server's certificate, found by OpenSSL's path validation
// (RFC 5280) and name check (RFC 9525), and which of it a policy forgives. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "net/openssl.h"
#include "net/server_name.h"
#include "net/tls.h"

namespace watchpost::net {

struct Fault {
    int code = 0;       // X509_V_ERR_…
    std::string what;   // "the certificate expired at 2026-01-01T00:00:00Z"
    std::string remedy; // "have it renewed on the server"
};

/// Validates the chain in `context` to its end, past the first fault. `context` is prepared for the
/// purpose "ssl_server" and holds the leaf and the chain as sent. Empty: nothing is wrong.
[[nodiscard]] std::vector<Fault> find_faults(X509_STORE_CTX* context, const ServerName& server);

/// The table of docs/tls-policies.md in one function.
[[nodiscard]] bool forgives(CertificatePolicy policy, int fault_code) noexcept;

} // namespace watchpost::net
