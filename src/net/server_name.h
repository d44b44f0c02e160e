// What a person wrote as the server: an IP address or a host name. One reading of it for the
// resolver, for SNI and for the name check, so that they cannot differ. Immutable.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace watchpost::net {

struct ServerName {
    enum class Kind : std::uint8_t { address, host_name };

    Kind kind = Kind::host_name;
    std::string text; // an address in its canonical form; a name in ASCII without its trailing dot
};

/// IPv4, IPv6 (brackets or not), or a host name of RFC 1123 §2.1 (an underscore passes, too). An
/// international name is brought into its ASCII form.
/// Refuses the rest, above all a leading dot: OpenSSL would take ".example.org" for "any name
/// below". The error is invalid_argument with the remedy.
[[nodiscard]] base::Result<ServerName> parse_server_name(std::string_view text);

/// "mail.example.org:995", "[2001:db8::1]:995": RFC 3986 §3.2.2.
[[nodiscard]] std::string to_host_and_port(std::string_view server, std::uint16_t port);

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;

    [[nodiscard]] int family() const noexcept { return storage.ss_family; }
    [[nodiscard]] const sockaddr* get() const noexcept
    {
        return reinterpret_cast<const sockaddr*>(&storage);
    }
};

/// nullopt where `text` is not an IP address. No scope ids ("%eth0"): a mail server has an address
/// that can be routed.
[[nodiscard]] std::optional<SocketAddress> parse_address(std::string_view text, std::uint16_t port);

/// "192.0.2.1", "2001:db8::1"; `octets` are the 4 or 16 of the family, in network order.
[[nodiscard]] std::string address_to_string(int family, const void* octets);
/// The same of a socket address; AF_INET and AF_INET6 only.
[[nodiscard]] std::string address_to_string(const sockaddr* address);

} // namespace watchpost::net
