// The way out through a proxy: SOCKS5 (RFC 1928, RFC 1929) or HTTP CONNECT (RFC 9110 §9.3.6).
//
// Spoken on a connected stream before TLS or POP3 begin, so that both stay as they are without.
// Names go to the proxy as they are and are resolved there: a network that needs a proxy often
// knows no others' names. Plain values and functions; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "net/stream.h"

namespace watchpost::net {

struct ProxySettings {
    enum class Kind : std::uint8_t { socks5, http };

    Kind kind = Kind::socks5;
    std::string server; // an address or a name, which we resolve
    std::uint16_t port = 0;
    std::string user = {}; // empty: the proxy is told none
    std::string password = {};
};

/// "socks5://[user@]proxy.example.org:1080", "http://[2001:db8::1]:3128". Octets of the user name
/// may be written %XX. A password in it is refused: it would be shown wherever the setting is. The
/// error is invalid_argument, a sentence with the remedy.
[[nodiscard]] base::Result<ProxySettings> parse_proxy(std::string_view url);

/// What the server behind the proxy does first.
enum class FirstWord : std::uint8_t {
    server, // greets: octets that come with the proxy's reply are the beginning of that
    client  // waits for us (TLS): then such octets are somebody else's and refused
};

/// Asks the proxy at the other end of `stream` for the server, and returns the stream to that. No
/// octet behind the proxy's reply is lost. `deadline` holds for the whole dialogue. Errors quote
/// the proxy: refused_by_server where it refuses, protocol_violation where it speaks something
/// else, limit_exceeded for a reply without end, and those of the stream.
[[nodiscard]] base::Result<std::unique_ptr<Stream>>
pass_proxy(std::unique_ptr<Stream> stream, const ProxySettings& proxy, std::string_view server,
           std::uint16_t port, FirstWord first_word, base::Deadline deadline);

} // namespace watchpost::net
