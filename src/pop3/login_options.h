// What a log-in has to know beside the credentials. Plain values.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pop3/mechanism.h"

namespace watchpost::pop3 {

/// What this TLS session is known by at both its ends. RFC 5056.
struct ChannelBinding {
    std::string type; // "tls-exporter" (RFC 9266), "tls-server-end-point" (RFC 5929 §4)
    std::string octets;
};

struct LoginOptions {
    std::optional<Mechanism> mechanism = {}; // by name; empty: the strongest that is announced
    std::vector<Mechanism> avoided = {};     // where none is set: as if not announced
    bool is_encrypted = false;
    std::optional<ChannelBinding> binding = {}; // of the TLS session, where it has one
    std::string server = {};                    // for OAUTHBEARER. RFC 7628 §3.1
    std::uint16_t port = 0;
    std::string greeting = {}; // its text, for APOP

    /// Printable, without a comma, at least 18 octets of chance, another one at each call; SCRAM
    /// needs it. RFC 5802 §5.1
    std::function<std::string()> make_nonce = {};
};

} // namespace watchpost::pop3
