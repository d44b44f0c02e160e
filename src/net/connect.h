// From a server's name to a connected stream: resolve, then race its addresses (RFC 8305).
//
// Names are resolved at every call (c-ares, /etc/hosts included). IPv6 and IPv4 alternate, IPv6
// first; within a family the order of the answer is kept, so that round robin is honoured.
// Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "net/stream.h"

namespace watchpost::net {

struct ConnectLimits {
    std::chrono::milliseconds resolve_time_max{10'000};
    std::chrono::milliseconds attempt_delay{250}; // RFC 8305 §5: then the next address begins, too
    std::chrono::milliseconds address_time_max{10'000}; // for each address
    std::chrono::milliseconds proxy_time_max{30'000};   // for a proxy to reach the server
    std::size_t addresses_max = 16;                     // more are left out and said so
};

/// IPv4, IPv6 (with or without brackets) or a host name: addresses as text, in the order in which
/// they are to be tried.
[[nodiscard]] base::Result<std::vector<std::string>>
resolve(std::string_view server, base::Deadline deadline, const Cancellation& cancellation);

/// Is told of each address that was tried, when its attempt ends, and how ("Connection refused",
/// "connected"). The one that connected comes last.
using ConnectObserver = std::function<void(std::string_view address, std::string_view outcome)>;

/// Connects to one address, as text. timed_out only where the deadline has passed before.
[[nodiscard]] base::Result<std::unique_ptr<Stream>>
connect_address(std::string_view address, std::uint16_t port, base::Deadline deadline,
                const Cancellation& cancellation);

/// The first address that takes the connection; the others are closed. An attempt begins when the
/// one before fails or has not ended for attempt_delay, and each has address_time_max: with silent
/// addresses alone it takes (addresses - 1) × attempt_delay + address_time_max after the name is
/// resolved. The error names every address and its reason.
[[nodiscard]] base::Result<std::unique_ptr<Stream>>
connect(std::string_view server, std::uint16_t port, const ConnectLimits& limits,
        const Cancellation& cancellation, const ConnectObserver& observer = {});

} // namespace watchpost::net
