// Host names to addresses by c-ares: what stands behind net::resolve, with the settings that tests
// need. Thread-safe: each call has a channel of its own, so that a changed resolv.conf is seen.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "net/server_name.h"
#include "net/stream.h"

namespace watchpost::net {

struct ResolverSettings {
    std::string servers;        // "127.0.0.1:5353,…"; empty: those of /etc/resolv.conf
    bool use_hosts_file = true; // /etc/hosts, asked first
};

/// IPv6 and IPv4 alternate, IPv6 first; within a family the order of the answer (or of the hosts
/// file) stays, since sorting by RFC 6724 would undo the server's round robin.
[[nodiscard]] base::Result<std::vector<std::string>>
resolve_host_name(const std::string& name, const ResolverSettings& settings,
                  base::Deadline deadline, const Cancellation& cancellation);

} // namespace watchpost::net
