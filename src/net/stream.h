// A connected byte stream, in clear or over TLS, with a deadline on every wait.
//
// Blocking from the caller's point of view: a session is one thread (docs/adr says why). Not
// thread-safe, apart from Cancellation, which ends a wait from any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"

namespace watchpost::net {

/// Ends every wait that was given it, now and later: ErrorCode::cancelled. Thread-safe, may be
/// signalled from a signal handler. Must outlive the streams that use it.
class Cancellation {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<Cancellation>> make();
    ~Cancellation();
    Cancellation(const Cancellation&) = delete;
    Cancellation& operator=(const Cancellation&) = delete;

    void cancel() noexcept;
    [[nodiscard]] bool is_cancelled() const noexcept;
    [[nodiscard]] int wait_fd() const noexcept { return fd_; } // readable once cancelled

private:
    explicit Cancellation(int fd) : fd_{fd} {}
    int fd_;
    std::atomic<bool> cancelled_{false}; // asked before every read, without a system call
};

/// What a TLS session is known by at both its ends, and at no other: a log-in that is bound to it
/// is worth nothing to somebody in between. RFC 5056.
struct ChannelBinding {
    std::string type; // "tls-exporter" (RFC 9266) with TLS 1.3, else "tls-server-end-point"
    base::Bytes octets;
};

class Stream {
public:
    virtual ~Stream() = default;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    /// Waits for at least one octet; 0 means that the peer ended the stream in good order. A TLS
    /// stream that ends without close_notify, like a reset, is ErrorCode::connection_lost.
    [[nodiscard]] virtual base::Result<std::size_t> read_some(std::span<std::byte> buffer,
                                                              base::Deadline deadline) = 0;

    /// Writes everything or fails.
    [[nodiscard]] virtual base::Result<void> write_all(base::ByteView bytes,
                                                       base::Deadline deadline) = 0;

    /// The peer's address as text, "192.0.2.1" or "2001:db8::1".
    [[nodiscard]] virtual std::string peer_address() const = 0;

    /// nullopt in clear, and where the certificate's signature has no digest that RFC 5929 §4.1
    /// knows.
    [[nodiscard]] virtual std::optional<ChannelBinding> channel_binding() const
    {
        return std::nullopt;
    }

protected:
    Stream() = default;
};

} // namespace watchpost::net
