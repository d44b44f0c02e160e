#include "net/server_name.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/assert.h"
#include "diag/quote.h"
#include "net/international_name.h"

namespace watchpost::net {

namespace {

constexpr std::size_t name_bytes_max = 253; // RFC 1035 §2.3.4, written without the root's dot
constexpr std::size_t label_bytes_max = 63; // RFC 1035 §2.3.4

bool is_name_character(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

bool has_good_labels(std::string_view name) noexcept
{
    for (;;) {
        const std::size_t dot = name.find('.');
        const std::size_t length = std::min(dot, name.size());
        if (length == 0 || length > label_bytes_max) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        name.remove_prefix(dot + 1);
    }
}

std::string_view without_brackets(std::string_view text) noexcept
{
    const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
    return bracketed ? text.substr(1, text.size() - 2) : text;
}

base::Failure refuse(std::string_view text, std::string_view why)
{
    return base::fail(base::ErrorCode::invalid_argument, base::Retry::never,
                      "\"" + diag::quote(text) + "\" is not a server: " + std::string{why});
}

bool is_ascii(std::string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// `text` is what was typed, `name` what it comes to in ASCII.
base::Result<ServerName> parse_host_name(std::string_view text, std::string_view name)
{
    if (name.ends_with('.')) {
        name.remove_suffix(1);
    }
    if (name.find("://") != std::string_view::npos || name.find(':') != std::string_view::npos) {
        return refuse(text, "write the name or the address alone, the port has a field of its own");
    }
    const bool good = name.size() <= name_bytes_max && has_good_labels(name) &&
                      std::all_of(name.begin(), name.end(), is_name_character);
    if (!good) {
        return refuse(text, "expected is an IPv4 or IPv6 address or a host name");
    }
    return ServerName{ServerName::Kind::host_name, std::string{name}};
}

} // namespace

std::string to_host_and_port(std::string_view server, std::uint16_t port)
{
    const bool is_v6 = server.find(':') != std::string_view::npos;
    return (is_v6 ? "[" : "") + std::string{server} + (is_v6 ? "]:" : ":") + std::to_string(port);
}

std::optional<SocketAddress> parse_address(std::string_view text, std::uint16_t port)
{
    const std::string literal{without_brackets(text)};
    if (literal.find('\0') != std::string::npos) {
        return std::nullopt; // inet_pton would stop there and take the rest for granted
    }
    SocketAddress address;
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (::inet_pton(AF_INET, literal.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        address.length = sizeof v4;
        std::memcpy(&address.storage, &v4, sizeof v4);
        return address;
    }
    if (::inet_pton(AF_INET6, literal.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        address.length = sizeof v6;
        std::memcpy(&address.storage, &v6, sizeof v6);
        return address;
    }
    return std::nullopt;
}

std::string address_to_string(int family, const void* octets)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    WP_ASSERT(::inet_ntop(family, octets, text.data(), text.size()) != nullptr);
    return text.data();
}

std::string address_to_string(const sockaddr* address)
{
    if (address->sa_family == AF_INET) {
        return address_to_string(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr);
    }
    WP_ASSERT(address->sa_family == AF_INET6);
    return address_to_string(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
}

base::Result<ServerName> parse_server_name(std::string_view text)
{
    const auto ascii = is_ascii(text) ? std::string{text} : to_ascii_name(text);
    if (!ascii) {
        return refuse(text, "it is no international name that could be registered; if it is right, "
                            "write it in its ASCII form (xn--…)");
    }
    if (const auto address = parse_address(*ascii, 0)) {
        return ServerName{ServerName::Kind::address, address_to_string(address->get())};
    }
    return parse_host_name(text, *ascii);
}

} // namespace watchpost::net
