// Addresses of links in a document: resolved against its base, and compared with what is shown for
// them. RFC 3986; WHATWG URL where browsers differ. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace watchpost::message {

/// Without its colon, in lower case; empty where there is none.
[[nodiscard]] std::string scheme_of(std::string_view address);

/// RFC 3986 §5.2. `address` itself where it is complete or `base` is not.
[[nodiscard]] std::string resolve_address(std::string_view address, std::string_view base);

/// The address that a shown text names ("https://bank.example/", "www.bank.example",
/// "bank.example"); empty where it names none.
[[nodiscard]] std::string_view address_in(std::string_view shown);

/// `shown` is such an address. False where one host stands below the other, or either is unknown.
[[nodiscard]] bool names_another_host(std::string_view shown, std::string_view target);

} // namespace watchpost::message
