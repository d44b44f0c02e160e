// From a server's name to a connected stream: resolve, then try every address in turn.
//
// Names are resolved at every call (c-ares, /etc/hosts included); the order of the answer is kept,
// so that round robin is honoured. Thread-safe.
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
    std::chrono::milliseconds address_time_max{10'000}; // for each address
    std::size_t addresses_max = 16;                     // more are left out and said so
};

/// IPv4, IPv6 (with or without brackets) or a host name: addresses as text, in the resolver's
/// order.
[[nodiscard]] base::Result<std::vector<std::string>>
resolve(std::string_view server, base::Deadline deadline, const Cancellation& cancellation);

/// Is told of each address that is tried and how it ended ("connection refused", "connected").
using ConnectObserver = std::function<void(std::string_view address, std::string_view outcome)>;

/// Connects to one address, as text.
[[nodiscard]] base::Result<std::unique_ptr<Stream>>
connect_address(std::string_view address, std::uint16_t port, base::Deadline deadline,
                const Cancellation& cancellation);

/// The first address that takes the connection. The error names every address and its reason.
[[nodiscard]] base::Result<std::unique_ptr<Stream>>
connect(std::string_view server, std::uint16_t port, const ConnectLimits& limits,
        const Cancellation& cancellation, const ConnectObserver& observer = {});

} // namespace watchpost::net
