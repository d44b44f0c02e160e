// The pieces of an http address as browsers cut it, so that no spelling hides which host is asked.
//
// The WHATWG URL rules, not those of RFC 3986: tabs and line ends are dropped, backslashes are
// slashes, their number behind the scheme does not matter, the host is what stands behind the last
// "@", percent-decoded and mapped by UTS #46. Wraps ICU's IDNA. Thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace watchpost::message {

struct WebAddress {
    std::string host;  // lower case, ASCII ("xn--…"), without a dot at its end; the port is dropped
    std::string path;  // begins with "/"; "." and ".." are resolved
    std::string query; // without the "?"

    static constexpr std::size_t host_bytes_max = 1'024; // as written

    /// What a service reads behind the host: the path with its query.
    [[nodiscard]] std::string target() const { return query.empty() ? path : path + '?' + query; }
};

/// nullopt for other schemes and for what no browser takes for an address. "www.…" and "//…" are
/// taken as http, as mail programs take them.
[[nodiscard]] std::optional<WebAddress> parse_web_address(std::string_view url);

/// Without the blanks and controls around it, and the tabs and line ends within, that browsers
/// drop.
[[nodiscard]] std::string without_ignored(std::string_view url);

} // namespace watchpost::message
