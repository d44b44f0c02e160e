#include "net/tcp_stream.h"

#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "base/assert.h"
#include "net/wait.h"

namespace watchpost::net {

namespace {

bool would_block(int errno_value) noexcept
{
    return errno_value == EAGAIN || errno_value == EWOULDBLOCK;
}

base::Error lost(int errno_value)
{
    return {base::ErrorCode::connection_lost, base::Retry::later,
            "the connection broke: " + std::generic_category().message(errno_value)};
}

} // namespace

// Both functions try before they wait: under load the octets are there already, and one system call
// a read is half of two. The deadline is asked each time all the same, since a server that never
// pauses must not be able to go on for ever.

base::Result<std::size_t> TcpStream::read_some(std::span<std::byte> buffer, base::Deadline deadline)
{
    WP_ASSERT(!buffer.empty()); // else 0 would read as the end of the stream
    if (auto going_on = check_going_on(deadline, cancellation_); !going_on) {
        return base::fail(std::move(going_on).error());
    }
    for (;;) {
        const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (!would_block(errno) && errno != EINTR) {
            return base::fail(lost(errno));
        }
        if (auto ready = wait_for(socket_.get(), POLLIN, deadline, cancellation_); !ready) {
            return base::fail(std::move(ready).error());
        }
    }
}

base::Result<void> TcpStream::write_all(base::ByteView bytes, base::Deadline deadline)
{
    if (auto going_on = check_going_on(deadline, cancellation_); !going_on) {
        return going_on;
    }
    while (!bytes.empty()) {
        // MSG_NOSIGNAL: a peer that went away is an error, not a SIGPIPE.
        const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
            continue;
        }
        if (!would_block(errno) && errno != EINTR) {
            return base::fail(lost(errno));
        }
        if (auto ready = wait_for(socket_.get(), POLLOUT, deadline, cancellation_); !ready) {
            return ready;
        }
    }
    return {};
}

} // namespace watchpost::net
