// A short name for a message of a listing, under which it is remembered from poll to poll.
//
// Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "pop3/listing.h"

namespace watchpost::collector {

inline constexpr std::size_t mark_digits = 16;

/// The same as a number, for many of them in memory.
[[nodiscard]] std::uint64_t mark_number(const pop3::ListedMessage& message);

/// Hexadecimal digits, mark_digits of them, by its UID and size; without a UID the size has to do.
[[nodiscard]] std::string mark_of(const pop3::ListedMessage& message);

/// Moves those that are to come last behind the others; both keep their order. How many others
/// there are.
std::size_t put_last(std::vector<pop3::ListedMessage>& messages,
                     const std::function<bool(const pop3::ListedMessage&)>& is_last);

} // namespace watchpost::collector
