#include "support/relay.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace watchpost::test {

namespace {

constexpr std::string_view announced = "\r\nPIPELINING\r\n";
constexpr std::string_view unknown = "\r\nX-UNKNOWNX\r\n"; // as long as it

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void require(bool is_so, const char* what)
{
    if (!is_so) {
        std::perror(what);
        std::abort();
    }
}

bool send_all(int fd, std::string_view octets)
{
    while (!octets.empty()) {
        const auto sent = ::send(fd, octets.data(), octets.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        octets.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

/// So that closing it sends a RST.
void break_at_once(int fd)
{
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    require(::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0, "SO_LINGER");
}

void read_to_end(int fd)
{
    std::array<char, 65'536> octets{};
    while (::recv(fd, octets.data(), octets.size(), 0) > 0) {
    }
}

} // namespace

Relay::Relay(Options options)
    : options_{std::move(options)}
    , listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    , stop_event_{::eventfd(0, EFD_CLOEXEC)}
{
    auto address = loopback(0);
    socklen_t length = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    require(::bind(listener_, any, length) == 0, "bind");
    require(::listen(listener_, 8) == 0, "listen");
    require(::getsockname(listener_, any, &length) == 0, "getsockname");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
}

Relay::~Relay()
{
    const std::uint64_t one = 1;
    require(::write(stop_event_, &one, sizeof one) == sizeof one, "stop");
    thread_.join();
    ::close(listener_);
    ::close(stop_event_);
}

void Relay::serve()
{
    while (true) {
        std::array<pollfd, 2> waits{{{stop_event_, POLLIN, 0}, {listener_, POLLIN, 0}}};
        ::poll(waits.data(), waits.size(), -1);
        if (waits[1].revents == 0) {
            return;
        }
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client >= 0) {
            relay_connection(client);
        }
    }
}

void Relay::relay_connection(int client)
{
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(options_.server_port);
    require(::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0,
            "connect to the server");
    auto next = Pass::goes_on;
    while (next == Pass::goes_on) {
        std::array<pollfd, 2> waits{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        ::poll(waits.data(), waits.size(), -1);
        next = waits[0].revents != 0 ? pass_on(Side::client, client, server)
                                     : pass_on(Side::server, server, client);
    }
    if (next == Pass::instant) {
        end_at_instant(client);
    } else {
        ::close(client);
    }
    ::shutdown(server, SHUT_WR);
    read_to_end(server);
    ::close(server);
}

void Relay::end_at_instant(int client)
{
    if (options_.at_instant) {
        options_.at_instant();
    }
    if (options_.end == End::reset) {
        break_at_once(client);
    } else {
        ::shutdown(client, SHUT_WR);
        read_to_end(client); // what is unread would turn the end into a reset
    }
    ::close(client);
}

Relay::Pass Relay::pass_on(Side side, int from, int to)
{
    std::array<char, 65'536> buffer{};
    const auto read = ::recv(from, buffer.data(), buffer.size(), 0);
    if (read <= 0) {
        return Pass::ended;
    }
    std::string octets{buffer.data(), static_cast<std::size_t>(read)};
    if (options_.hides_pipelining && side == Side::server) {
        if (const auto at = octets.find(announced); at != std::string::npos) {
            octets.replace(at, announced.size(), unknown);
        }
    }
    const auto left = octets_left(side);
    const bool is_instant = left && *left <= octets.size();
    octets.resize(is_instant ? static_cast<std::size_t>(*left) : octets.size());
    note(side, octets);
    const bool is_sent = send_all(to, octets);
    return is_instant ? Pass::instant : (is_sent ? Pass::goes_on : Pass::ended);
}

std::optional<std::uint64_t> Relay::octets_left(Side side) const
{
    const auto& instant = options_.instant;
    const auto passed = octets_of(side);
    return instant && instant->side == side && passed < instant->octets
               ? std::optional{instant->octets - passed}
               : std::nullopt;
}

void Relay::note(Side side, const std::string& octets)
{
    (side == Side::client ? client_octets_ : server_octets_) += octets.size();
    has_asked_ahead_ =
        has_asked_ahead_ || (side == Side::client && std::ranges::count(octets, '\n') > 1);
}

} // namespace watchpost::test
