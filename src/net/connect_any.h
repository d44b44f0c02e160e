// The part of net::connect after the name is resolved. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/connect.h"

namespace watchpost::net {

enum class AttemptEnd : std::uint8_t {
    connected,
    failed,    // refused, unreachable, or no answer in the time allowed
    overtaken, // still under way when another address took the connection
    left_out   // beyond addresses_max, or the search was ended
};

/// Is told of each address once, when its attempt ends; the one that connected comes last.
using AttemptObserver =
    std::function<void(std::string_view address, AttemptEnd end, std::string_view outcome)>;

/// Begins the attempts in the order of the addresses, as AttemptSchedule says; the first that
/// connects is the answer, and the others are closed.
[[nodiscard]] base::Result<std::unique_ptr<Stream>>
connect_any(std::span<const std::string> addresses, std::uint16_t port, const ConnectLimits& limits,
            const Cancellation& cancellation, const AttemptObserver& observer);

} // namespace watchpost::net
