#include "inspect/engines/clamav/clamd_connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <limits>
#include <utility>

#include "diag/quote.h"
#include "inspect/engines/clamav/clamd_reply.h"

namespace watchpost::inspect::clamav {

namespace {

using base::ErrorCode;
using base::Retry;
using namespace std::string_view_literals;

constexpr int no_fd = -1;

std::chrono::milliseconds time_left(base::Deadline deadline)
{
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds{0});
}

base::Failure timed_out()
{
    return base::fail(ErrorCode::timed_out, Retry::later, "clamd did not answer in time");
}

std::string remedy_for(int error)
{
    if (error == EACCES || error == EPERM) {
        return "allow this user to use the socket (add it to the group of LocalSocketGroup in "
               "clamd.conf)";
    }
    return "start clamd (Debian: systemctl start clamav-daemon; it needs signatures) or correct "
           "the path of its LocalSocket";
}

base::Failure cannot_connect(const std::filesystem::path& path, int error)
{
    return base::fail(ErrorCode::engine_failed, Retry::later,
                      "ClamAV is not available: connect to " + diag::quote(path.native()) + ": " +
                          std::strerror(error) + "; " + remedy_for(error));
}

base::Failure lost(std::string_view what, int error)
{
    return base::fail(ErrorCode::connection_lost, Retry::later,
                      std::string{what} + ": " + std::strerror(error));
}

/// Unix sockets have no "connection in progress": a full backlog blocks, for as long as the send
/// time-out allows.
void limit_connect_time(int socket, base::Deadline deadline)
{
    const auto left = std::max(time_left(deadline), std::chrono::milliseconds{1});
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(left);
    timeval limit{};
    limit.tv_sec = static_cast<time_t>(whole.count());
    limit.tv_usec = static_cast<suseconds_t>((left - whole).count() * 1000);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

/// One octet of payload carries the descriptor (unix(7)); the control buffer outlives the call.
ssize_t send_piece(int socket, std::string_view bytes, int passed_fd)
{
    iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    if (passed_fd != no_fd) {
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        cmsghdr* const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(header), &passed_fd, sizeof passed_fd);
    }
    return ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool would_block(int error) noexcept
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

} // namespace

base::Result<ClamdConnection> ClamdConnection::open(const std::filesystem::path& socket,
                                                    base::Deadline deadline)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.native().size() >= sizeof address.sun_path) {
        return cannot_connect(socket, ENAMETOOLONG);
    }
    socket.native().copy(address.sun_path, sizeof address.sun_path - 1);
    ClamdConnection connection{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (connection.socket_ < 0) {
        return cannot_connect(socket, errno);
    }
    limit_connect_time(connection.socket_, deadline);
    int outcome = -1;
    do {
        outcome = ::connect(connection.socket_, reinterpret_cast<const sockaddr*>(&address),
                            sizeof address);
    } while (outcome != 0 && errno == EINTR);
    if (outcome != 0) {
        return would_block(errno) ? timed_out() : cannot_connect(socket, errno);
    }
    if (auto sent = connection.send("zIDSESSION\0"sv, no_fd, deadline); !sent) {
        return base::fail(std::move(sent.error()));
    }
    return connection;
}

ClamdConnection::ClamdConnection(ClamdConnection&& other) noexcept
    : socket_{std::exchange(other.socket_, -1)}
    , commands_{other.commands_}
{
}

ClamdConnection& ClamdConnection::operator=(ClamdConnection&& other) noexcept
{
    std::swap(socket_, other.socket_);
    commands_ = other.commands_;
    return *this;
}

ClamdConnection::~ClamdConnection()
{
    if (socket_ >= 0) {
        ::close(socket_);
    }
}

bool ClamdConnection::is_idle() const noexcept
{
    pollfd wanted{socket_, POLLIN, 0};
    return ::poll(&wanted, 1, 0) == 0;
}

base::Result<std::string> ClamdConnection::ask_version(base::Deadline deadline)
{
    ++commands_;
    if (auto sent = send("zVERSION\0"sv, no_fd, deadline); !sent) {
        return base::fail(std::move(sent.error()));
    }
    return read_reply(deadline);
}

base::Result<std::string> ClamdConnection::scan_file(int fd, base::Deadline deadline)
{
    ++commands_;
    if (auto sent = send("zFILDES\0"sv, no_fd, deadline); !sent) {
        return base::fail(std::move(sent.error()));
    }
    if (auto sent = send("\0"sv, fd, deadline); !sent) {
        return base::fail(std::move(sent.error()));
    }
    return read_reply(deadline);
}

base::Result<void> ClamdConnection::wait(short events, base::Deadline deadline) const
{
    for (;;) {
        pollfd wanted{socket_, events, 0};
        const auto left =
            std::min<std::int64_t>(time_left(deadline).count(), std::numeric_limits<int>::max());
        const int ready = ::poll(&wanted, 1, static_cast<int>(left));
        if (ready > 0) {
            return {};
        }
        if (ready == 0) {
            return timed_out();
        }
        if (errno != EINTR) {
            return lost("wait for clamd", errno);
        }
    }
}

base::Result<void> ClamdConnection::send(std::string_view bytes, int passed_fd,
                                         base::Deadline deadline)
{
    while (!bytes.empty()) {
        const ssize_t count = send_piece(socket_, bytes, passed_fd);
        if (count > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
            passed_fd = no_fd;
        } else if (count < 0 && !would_block(errno)) {
            return lost("send to clamd", errno);
        } else if (auto ready = wait(POLLOUT, deadline); !ready) {
            return ready;
        }
    }
    return {};
}

base::Result<std::string> ClamdConnection::read_reply(base::Deadline deadline)
{
    std::string text;
    std::array<char, 1024> buffer{};
    while (text.find('\0') == std::string::npos) {
        if (text.size() > reply_bytes_max) {
            return base::fail(ErrorCode::protocol_violation, Retry::later,
                              "clamd's reply is longer than it may be");
        }
        if (auto ready = wait(POLLIN, deadline); !ready) {
            return base::fail(std::move(ready.error()));
        }
        const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (count == 0) {
            return base::fail(ErrorCode::connection_lost, Retry::later,
                              "clamd closed the connection before it answered");
        }
        if (count > 0) {
            text.append(buffer.data(), static_cast<std::size_t>(count));
        } else if (!would_block(errno)) {
            return lost("read from clamd", errno);
        }
    }
    if (text.find('\0') + 1 != text.size()) {
        return base::fail(ErrorCode::protocol_violation, Retry::later,
                          "clamd answers more than it was asked");
    }
    text.pop_back();
    const auto reply = parse_session_reply(text);
    if (!reply || reply->number != commands_) {
        return base::fail(ErrorCode::protocol_violation, Retry::later,
                          "clamd's reply is not to our command: \"" + diag::quote(text) + '"');
    }
    return std::string{reply->text};
}

} // namespace watchpost::inspect::clamav
