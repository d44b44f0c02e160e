#include "ipc/channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/assert.h"
#include "os/wait.h"

namespace watchpost::ipc {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

constexpr std::size_t fds_hard_max = 16; // of one message, whatever the limits say
constexpr std::size_t control_bytes = CMSG_SPACE(fds_hard_max * sizeof(int));
constexpr std::chrono::milliseconds busy_pause{10};

Result<void> wait_for(int fd, short events, base::Deadline deadline)
{
    for (;;) {
        pollfd entry{fd, events, 0};
        const int ready = ::poll(&entry, 1, base::milliseconds_until(deadline));
        if (ready > 0) {
            return {};
        }
        if (ready == 0 && std::chrono::steady_clock::now() >= deadline) {
            return base::fail(ErrorCode::timed_out, Retry::later, "the other process is silent");
        }
        if (ready < 0 && errno != EINTR) {
            return base::fail(base::system_error("poll", errno));
        }
    }
}

base::Failure peer_is_gone()
{
    return base::fail(ErrorCode::connection_lost, Retry::later, "the other process ended");
}

void attach(msghdr& header, std::span<std::byte> control, std::span<const int> fds)
{
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr* const item = CMSG_FIRSTHDR(&header);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(fds.size_bytes());
    std::memcpy(CMSG_DATA(item), fds.data(), fds.size_bytes());
}

/// Owns every descriptor that came, before anything is judged: none may leak.
void take_descriptors(msghdr& header, std::vector<os::UniqueFd>& fds)
{
    for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr;
         item = CMSG_NXTHDR(&header, item)) {
        if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        const std::size_t count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(item) + i * sizeof(int), sizeof(int));
            fds.emplace_back(fd);
        }
    }
}

} // namespace

Channel::Channel(os::UniqueFd socket, const Limits& limits)
    : socket_{std::move(socket)}
    , limits_{limits}
    , assembler_{limits}
    , buffer_(frame_header_bytes + frame_payload_bytes_max)
{
    WP_ASSERT(limits.fds_max <= fds_hard_max);
}

Result<void> Channel::send_frame(const Frame& frame, std::span<const int> fds,
                                 base::Deadline deadline)
{
    auto head = encode_header(frame);
    std::array<iovec, 2> parts{
        iovec{head.data(), head.size()},
        iovec{const_cast<std::byte*>(frame.payload.data()), frame.payload.size()}};
    alignas(cmsghdr) std::array<std::byte, control_bytes> control{};
    msghdr header{};
    header.msg_iov = parts.data();
    header.msg_iovlen = parts.size();
    if (!fds.empty()) {
        attach(header, control, fds);
    }
    for (;;) {
        if (::sendmsg(socket_.get(), &header, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) {
            return {};
        }
        if (errno == EPIPE || errno == ECONNRESET) {
            return peer_is_gone();
        }
        // ETOOMANYREFS: this user has too many descriptors under way; they get received.
        const bool is_busy = errno == ETOOMANYREFS || errno == ENOBUFS;
        if (!is_busy && errno != EAGAIN && errno != EINTR) {
            return base::fail(base::system_error("sendmsg", errno));
        }
        if (is_busy) {
            ::poll(nullptr, 0, static_cast<int>(busy_pause.count()));
        }
        if (auto ready = wait_for(socket_.get(), POLLOUT, deadline); !ready) {
            return ready;
        }
        if (is_busy && std::chrono::steady_clock::now() >= deadline) {
            return base::fail(ErrorCode::timed_out, Retry::later, "too many descriptors under way");
        }
    }
}

Result<void> Channel::send(std::uint16_t kind, base::ByteView payload, std::span<const int> fds,
                           base::Deadline deadline)
{
    WP_ASSERT(fds.size() <= fds_hard_max);
    do {
        const auto chunk = payload.first(std::min(payload.size(), frame_payload_bytes_max));
        payload = payload.subspan(chunk.size());
        if (auto sent = send_frame(Frame{kind, !payload.empty(), chunk}, fds, deadline); !sent) {
            return sent;
        }
        fds = {};
    } while (!payload.empty());
    return {};
}

Result<std::size_t> Channel::receive_datagram(std::vector<os::UniqueFd>& fds,
                                              base::Deadline deadline)
{
    for (;;) {
        iovec part{buffer_.data(), buffer_.size()};
        alignas(cmsghdr) std::array<std::byte, control_bytes> control{};
        msghdr header{};
        header.msg_iov = &part;
        header.msg_iovlen = 1;
        header.msg_control = control.data();
        header.msg_controllen = control.size();
        const ssize_t count = ::recvmsg(socket_.get(), &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
        if (count >= 0) {
            take_descriptors(header, fds);
            if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
                return base::fail(ErrorCode::protocol_violation, Retry::never,
                                  "a frame that is too large");
            }
            return static_cast<std::size_t>(count);
        }
        if (errno == ECONNRESET) {
            return peer_is_gone();
        }
        if (errno != EAGAIN && errno != EINTR) {
            return base::fail(base::system_error("recvmsg", errno));
        }
        if (auto ready = wait_for(socket_.get(), POLLIN, deadline); !ready) {
            return base::fail(std::move(ready.error()));
        }
    }
}

Result<Message> Channel::receive(base::Deadline deadline)
{
    for (;;) {
        std::vector<os::UniqueFd> fds;
        const auto count = receive_datagram(fds, deadline);
        if (!count) {
            return base::fail(count.error());
        }
        if (*count == 0) {
            return peer_is_gone(); // a frame is never empty
        }
        const auto frame = decode_frame(base::ByteView{buffer_}.first(*count));
        if (!frame) {
            return base::fail(frame.error());
        }
        auto message = assembler_.feed(*frame, std::move(fds));
        if (!message) {
            return base::fail(std::move(message.error()));
        }
        if (*message) {
            return std::move(**message);
        }
        if (std::chrono::steady_clock::now() >= deadline) { // a peer that drips tiny frames
            return base::fail(ErrorCode::timed_out, Retry::later, "a message without an end");
        }
    }
}

bool Channel::has_input() const noexcept
{
    return os::wait_until_readable(socket_.get(), base::Deadline::min());
}

Result<std::pair<os::UniqueFd, os::UniqueFd>> make_socket_pair()
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return base::fail(base::system_error("socketpair", errno));
    }
    return std::pair{os::UniqueFd{ends[0]}, os::UniqueFd{ends[1]}};
}

} // namespace watchpost::ipc
