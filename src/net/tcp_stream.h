// A connected TCP socket as a Stream, in clear. Not thread-safe.
#pragma once

#include <string>
#include <utility>

#include "net/file_descriptor.h"
#include "net/stream.h"

namespace watchpost::net {

class TcpStream final : public Stream {
public:
    /// Takes a connected, non-blocking socket. `cancellation` outlives the stream (stream.h).
    TcpStream(FileDescriptor socket, std::string peer_address, const Cancellation& cancellation)
        : socket_{std::move(socket)}
        , peer_address_{std::move(peer_address)}
        , cancellation_{cancellation}
    {
    }

    /// After timed_out it may be called again; nothing is lost.
    [[nodiscard]] base::Result<std::size_t> read_some(std::span<std::byte> buffer,
                                                      base::Deadline deadline) override;
    [[nodiscard]] base::Result<void> write_all(base::ByteView bytes,
                                               base::Deadline deadline) override;
    [[nodiscard]] std::string peer_address() const override { return peer_address_; }

private:
    FileDescriptor socket_;
    std::string peer_address_;
    const Cancellation& cancellation_;
};

} // namespace watchpost::net
