// International host names in the form that DNS, SNI and certificates have (RFC 5890 §2.3.2.1,
// A-labels). Wraps ICU's UTS #46. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace watchpost::net {

/// "bücher.example" → "xn--bcher-kva.example". `name` is UTF-8; nothing where it is none, or no
/// name that can be registered. The result is not checked further: it may be an IP address.
[[nodiscard]] std::optional<std::string> to_ascii_name(std::string_view name);

} // namespace watchpost::net
