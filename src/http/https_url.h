// The address of an end point that is spoken to over HTTPS, taken apart. RFC 3986, RFC 9110 §4.2.2.
//
// Plain value and pure function; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace watchpost::http {

struct HttpsUrl {
    static constexpr std::size_t bytes_max = 2'000;

    std::string host = {}; // a name or an address, without brackets
    std::uint16_t port = 443;
    std::string target = "/"; // path and query, as they were written

    friend bool operator==(const HttpsUrl&, const HttpsUrl&) = default;
};

/// Refuses whatever is not https, and a user name or a fragment in it (RFC 6749 §3.2). The error is
/// invalid_argument, a sentence with the remedy.
[[nodiscard]] base::Result<HttpsUrl> parse_https_url(std::string_view text);

} // namespace watchpost::http
