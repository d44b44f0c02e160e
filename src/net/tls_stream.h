// An established TLS session as a Stream (RFC 8446, RFC 5246). Not thread-safe.
#pragma once

#include <memory>
#include <string>

#include "net/openssl.h"
#include "net/stream_bio.h"

namespace watchpost::net {

class TlsStream final : public Stream {
public:
    /// `ssl` has finished its handshake over `transport`.
    TlsStream(std::unique_ptr<Transport> transport, Ssl ssl);
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;
    ~TlsStream() override; // says close_notify, without waiting for the peer's

    /// After timed_out it may be called again; nothing is lost. At most one record a call.
    [[nodiscard]] base::Result<std::size_t> read_some(std::span<std::byte> buffer,
                                                      base::Deadline deadline) override;
    /// After any failure the stream is of no use any more.
    [[nodiscard]] base::Result<void> write_all(base::ByteView bytes,
                                               base::Deadline deadline) override;
    [[nodiscard]] std::string peer_address() const override;
    [[nodiscard]] std::optional<ChannelBinding> channel_binding() const override;

private:
    [[nodiscard]] base::Result<void> prepare(base::Deadline deadline);
    [[nodiscard]] base::Failure fail_for_good();

    std::unique_ptr<Transport> transport_; // outlives ssl_, whose BIO points to it
    Ssl ssl_;
    bool is_broken_ = false;
};

} // namespace watchpost::net
