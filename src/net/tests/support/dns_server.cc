#include "net/tests/support/dns_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/assert.h"

namespace watchpost::net::test {

namespace {

constexpr std::size_t header_bytes = 12;
constexpr char type_a = 1;
constexpr char type_aaaa = 28;
constexpr char no_such_name = 3; // RCODE

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

/// The QNAME at the front of `question`, with dots; `length` gets the octets that it takes.
std::string read_name(const std::string& question, std::size_t& length)
{
    std::string name;
    std::size_t at = header_bytes;
    while (question.at(at) != 0) {
        const std::size_t label = static_cast<unsigned char>(question.at(at));
        name += (name.empty() ? "" : ".") + question.substr(at + 1, label);
        at += label + 1;
    }
    length = at + 1 - header_bytes;
    return name;
}

std::string record(char type, const std::string& address)
{
    std::array<char, 16> octets{};
    const std::size_t size = type == type_a ? 4 : 16;
    ::inet_pton(type == type_a ? AF_INET : AF_INET6, address.c_str(), octets.data());
    // A pointer to the question's name, the type, class IN, a TTL of 60 and the length.
    const std::array<char, 12> head{'\xC0', 12, 0, type, 0, 1,
                                    0,      0,  0, 60,   0, static_cast<char>(size)};
    return std::string{head.data(), head.size()} + std::string{octets.data(), size};
}

} // namespace

DnsServer::DnsServer(DnsZone zone) : zone_{std::move(zone)}
{
    fd_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    WP_ASSERT(fd_ >= 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    WP_ASSERT(::bind(fd_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    WP_ASSERT(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
}

DnsServer::~DnsServer()
{
    stops_ = true;
    const sockaddr_in address = loopback(port_); // an empty datagram wakes it up
    ::sendto(fd_, "", 0, 0, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    thread_.join();
    ::close(fd_);
}

std::string DnsServer::address() const
{
    return "127.0.0.1:" + std::to_string(port_);
}

void DnsServer::serve()
{
    while (!stops_) {
        std::array<char, 512> buffer{};
        sockaddr_in peer{};
        socklen_t length = sizeof peer;
        const ssize_t count = ::recvfrom(fd_, buffer.data(), buffer.size(), 0,
                                         reinterpret_cast<sockaddr*>(&peer), &length);
        if (count <= static_cast<ssize_t>(header_bytes)) {
            continue;
        }
        const std::string reply = answer({buffer.data(), static_cast<std::size_t>(count)});
        if (!reply.empty()) {
            ::sendto(fd_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&peer),
                     length);
        }
    }
}

std::string DnsServer::answer(const std::string& question) const
{
    std::size_t name_bytes = 0;
    const std::string name = read_name(question, name_bytes);
    const char type = question.at(header_bytes + name_bytes + 1);
    const bool is_silent =
        zone_.silent.contains(name) || (type == type_aaaa && zone_.silent_aaaa.contains(name));
    if (is_silent) {
        return {};
    }
    const auto& records = type == type_a ? zone_.a : zone_.aaaa;
    const auto found = records.find(name);
    const bool exists = zone_.a.contains(name) || zone_.aaaa.contains(name);
    const std::vector<std::string> none;
    const auto& addresses = found != records.end() ? found->second : none;
    std::string reply = question.substr(0, header_bytes + name_bytes + 4);
    reply[2] = '\x81'; // a response, recursion desired
    reply[3] = static_cast<char>(0x80 | (exists ? 0 : no_such_name));
    reply.replace(6, 6, std::string{"\0\0\0\0\0\0", 6}); // no other sections
    reply[7] = static_cast<char>(addresses.size());
    for (const std::string& address : addresses) {
        reply += record(type, address);
    }
    return reply;
}

} // namespace watchpost::net::test
