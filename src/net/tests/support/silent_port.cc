#include "net/tests/support/silent_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"

namespace watchpost::net::test {

SilentPort::SilentPort(std::uint16_t port)
    : listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    , only_one_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    WP_ASSERT(listener_ >= 0 && only_one_ >= 0);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    WP_ASSERT(::inet_pton(AF_INET, address, &name.sin_addr) == 1);
    auto* const generic = reinterpret_cast<sockaddr*>(&name);
    socklen_t length = sizeof name;
    WP_ASSERT(::bind(listener_, generic, length) == 0);
    WP_ASSERT(::listen(listener_, 0) == 0); // Linux: one connection waits to be accepted, no more
    WP_ASSERT(::getsockname(listener_, generic, &length) == 0);
    port_ = ntohs(name.sin_port);
    WP_ASSERT(::connect(only_one_, generic, length) == 0);
    pollfd waits{.fd = listener_, .events = POLLIN, .revents = 0};
    WP_ASSERT(::poll(&waits, 1, -1) == 1); // it is in the backlog now
}

SilentPort::~SilentPort()
{
    ::close(only_one_);
    ::close(listener_);
}

} // namespace watchpost::net::test
