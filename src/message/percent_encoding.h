// Percent-encoding of URLs and of the values in their queries: RFC 3986 §2.1. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watchpost::message {

/// Each "%" with two hexadecimal digits is one octet; any other "%" stays. Once, never twice.
[[nodiscard]] std::string percent_decode(std::string_view text);

/// The values of all parameters of that name, in order, decoded as a form's: "+" is a blank. Names
/// are compared without case; "&amp;" parts parameters as "&" does, since links are copied so.
[[nodiscard]] std::vector<std::string> query_values(std::string_view query, std::string_view name);

/// As query_values(), without taking the percent-encoding or "+" off the values.
[[nodiscard]] std::vector<std::string_view> raw_query_values(std::string_view query,
                                                             std::string_view name);

/// What a URL may not hold (blanks, controls, octets that are no UTF-8) is percent-encoded.
[[nodiscard]] std::string to_url_text(std::string_view text);

} // namespace watchpost::message
