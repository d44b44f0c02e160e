#include "net/connect.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "diag/quote.h"
#include "net/connect_any.h"
#include "net/file_descriptor.h"
#include "net/resolver.h"
#include "net/server_name.h"
#include "net/tcp_stream.h"
#include "net/wait.h"

namespace watchpost::net {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

base::Failure connect_failed(int errno_value)
{
    return base::fail(ErrorCode::connect_failed, Retry::later,
                      std::generic_category().message(errno_value));
}

/// Ends once the connection stands, is refused, or the time is over.
Result<void> finish_connecting(int fd, const SocketAddress& address, base::Deadline deadline,
                               const Cancellation& cancellation)
{
    if (::connect(fd, address.get(), address.length) == 0) {
        return {};
    }
    if (errno != EINPROGRESS && errno != EINTR) {
        return connect_failed(errno);
    }
    if (auto ready = wait_for(fd, POLLOUT, deadline, cancellation); !ready) {
        return ready;
    }
    int outcome = 0;
    socklen_t length = sizeof outcome;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &outcome, &length);
    if (outcome != 0) {
        return connect_failed(outcome);
    }
    return {};
}

/// POP3 commands are short and each is waited for: Nagle's algorithm would only add its pause.
void send_without_delay(int fd) noexcept
{
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

std::string shown(const std::string& address, std::uint16_t port)
{
    const bool is_v6 = address.find(':') != std::string::npos;
    return (is_v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

/// What cannot be mended by another address, and so ends the search.
bool ends_search(const base::Error& error) noexcept
{
    return error.code() == ErrorCode::cancelled || error.code() == ErrorCode::invalid_argument;
}

void tell(const ConnectObserver& observer, std::string_view address, std::string_view outcome)
{
    if (observer) {
        observer(address, outcome);
    }
}

} // namespace

Result<std::vector<std::string>> resolve(std::string_view server, base::Deadline deadline,
                                         const Cancellation& cancellation)
{
    auto name = parse_server_name(server);
    if (!name) {
        return base::fail(std::move(name).error());
    }
    if (name->kind == ServerName::Kind::address) {
        return std::vector<std::string>{name->text};
    }
    // As it was written: a trailing dot keeps the search list of resolv.conf out.
    return resolve_host_name(std::string{server}, {}, deadline, cancellation);
}

Result<std::unique_ptr<Stream>> connect_address(std::string_view address, std::uint16_t port,
                                                base::Deadline deadline,
                                                const Cancellation& cancellation)
{
    const auto target = parse_address(address, port);
    if (!target || port == 0) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "\"" + diag::quote(address) + "\" port " + std::to_string(port) +
                              " is not an IP address and a port from 1 to 65535");
    }
    if (auto going_on = check_going_on(deadline, cancellation); !going_on) {
        return base::fail(std::move(going_on).error());
    }
    FileDescriptor fd{::socket(target->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!fd.is_open()) {
        return connect_failed(errno); // without IPv6 in the kernel: EAFNOSUPPORT
    }
    send_without_delay(fd.get());
    if (auto done = finish_connecting(fd.get(), *target, deadline, cancellation); !done) {
        return base::fail(std::move(done).error());
    }
    return std::make_unique<TcpStream>(std::move(fd), address_to_string(target->get()),
                                       cancellation);
}

Result<std::unique_ptr<Stream>> connect_any(std::span<const std::string> addresses,
                                            std::uint16_t port, const ConnectLimits& limits,
                                            const Cancellation& cancellation,
                                            const ConnectObserver& observer)
{
    const auto tried = addresses.first(std::min(addresses.size(), limits.addresses_max));
    std::string reasons;
    for (const std::string& address : tried) {
        const auto deadline = std::chrono::steady_clock::now() + limits.address_time_max;
        auto stream = connect_address(address, port, deadline, cancellation);
        if (stream) {
            tell(observer, address, "connected");
            return stream;
        }
        tell(observer, address, stream.error().message());
        if (ends_search(stream.error())) {
            return stream;
        }
        reasons +=
            (reasons.empty() ? "" : "; ") + shown(address, port) + ": " + stream.error().message();
    }
    if (const std::size_t left_out = addresses.size() - tried.size(); left_out > 0) {
        const std::string why = std::to_string(left_out) + " more addresses were not tried, the " +
                                "limit is " + std::to_string(limits.addresses_max);
        tell(observer, addresses[tried.size()], why);
        reasons += (reasons.empty() ? "" : "; ") + why;
    }
    return base::fail(ErrorCode::connect_failed, Retry::later, std::move(reasons));
}

Result<std::unique_ptr<Stream>> connect(std::string_view server, std::uint16_t port,
                                        const ConnectLimits& limits,
                                        const Cancellation& cancellation,
                                        const ConnectObserver& observer)
{
    const auto deadline = std::chrono::steady_clock::now() + limits.resolve_time_max;
    auto addresses = resolve(server, deadline, cancellation);
    if (!addresses) {
        return base::fail(std::move(addresses).error().during("resolve " + diag::quote(server)));
    }
    auto stream = connect_any(*addresses, port, limits, cancellation, observer);
    if (!stream) {
        return base::fail(std::move(stream).error().during("connect to " + diag::quote(server)));
    }
    return stream;
}

} // namespace watchpost::net
