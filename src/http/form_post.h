// One request to somebody else's server: a form by POST over HTTPS, and the reply.
//
// For end points that are given secrets: the certificate is always verified (system's store and an
// added CA, and the name), nothing is sent before, no redirect is followed, no connection is kept.
// Blocking; every wait has a deadline and ends when the cancellation is signalled. Thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "http/https_url.h"
#include "http/message.h"
#include "net/connect.h"
#include "net/proxy.h"
#include "net/stream.h"

namespace watchpost::http {

struct ClientSettings {
    std::string ca_pem = {}; // trusted beside the system's store
    std::optional<net::ProxySettings> proxy = {};
    net::ConnectLimits connect = {};
    std::chrono::milliseconds time_max{20'000}; // for TLS, request and reply, once connected
};

struct Reply {
    unsigned status = 0; // of a final reply: 200 to 999
    std::string body = {};
};

/// Any well-formed reply is one, whatever its status. Errors are those of net, and
/// protocol_violation, limit_exceeded and connection_lost for what the server sends.
[[nodiscard]] base::Result<Reply> post_form(const HttpsUrl& url, const NamedValues& fields,
                                            const ClientSettings& settings,
                                            const net::Cancellation& cancellation);

/// application/x-www-form-urlencoded; whatever is not unreserved is written %XX.
[[nodiscard]] std::string encode_form(const NamedValues& fields);

} // namespace watchpost::http
