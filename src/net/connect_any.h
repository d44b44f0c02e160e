// The part of net::connect after the name is resolved. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "net/connect.h"

namespace watchpost::net {

/// Tries the addresses in their order until one takes the connection.
[[nodiscard]] base::Result<std::unique_ptr<Stream>>
connect_any(std::span<const std::string> addresses, std::uint16_t port, const ConnectLimits& limits,
            const Cancellation& cancellation, const ConnectObserver& observer);

} // namespace watchpost::net
