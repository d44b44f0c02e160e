// Messages over one end of a unix SOCK_SEQPACKET socket pair, descriptors included.
//
// SEQPACKET, since the kernel keeps the borders of frames and the descriptors with their frame.
// The peer is not trusted: every limit is checked before memory is taken, and after any error the
// channel is not to be used again. One thread may receive while another one sends.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "ipc/assembler.h"
#include "ipc/message.h"
#include "os/unique_fd.h"

namespace watchpost::ipc {

class Channel {
public:
    /// Takes a socket of make_socket_pair(); `limits` are those of what is received here.
    Channel(os::UniqueFd socket, const Limits& limits);

    /// Sends one message in as many frames as it takes; the descriptors go with the first and stay
    /// the caller's. ErrorCode::connection_lost where the peer is gone.
    [[nodiscard]] base::Result<void> send(std::uint16_t kind, base::ByteView payload,
                                          std::span<const int> fds, base::Deadline deadline);

    /// The next whole message. ErrorCode::connection_lost where the peer is gone (also in the
    /// middle of a message), timed_out, protocol_violation, limit_exceeded.
    [[nodiscard]] base::Result<Message> receive(base::Deadline deadline);

    /// Is there something to receive, or an end to see, without waiting?
    [[nodiscard]] bool has_input() const noexcept;

    [[nodiscard]] int fd() const noexcept { return socket_.get(); }

private:
    [[nodiscard]] base::Result<void> send_frame(const Frame& frame, std::span<const int> fds,
                                                base::Deadline deadline);
    [[nodiscard]] base::Result<std::size_t> receive_datagram(std::vector<os::UniqueFd>& fds,
                                                             base::Deadline deadline);

    os::UniqueFd socket_;
    Limits limits_;
    Assembler assembler_;
    base::Bytes buffer_; // one frame
};

/// Two connected sockets, close-on-exec.
[[nodiscard]] base::Result<std::pair<os::UniqueFd, os::UniqueFd>> make_socket_pair();

} // namespace watchpost::ipc
