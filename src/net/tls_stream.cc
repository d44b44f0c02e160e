#include "net/tls_stream.h"

#include <chrono>

#include "base/assert.h"
#include "net/tls_failure.h"

namespace watchpost::net {

namespace {

/// The alert is 31 octets into a socket buffer; only a peer that stopped reading makes it wait.
constexpr std::chrono::milliseconds close_notify_time_max{100};

} // namespace

TlsStream::TlsStream(std::unique_ptr<Transport> transport, Ssl ssl)
    : transport_{std::move(transport)}
    , ssl_{std::move(ssl)}
{
}

TlsStream::~TlsStream()
{
    if (is_broken_) {
        return; // OpenSSL forbids SSL_shutdown after a fatal error
    }
    transport_->deadline = std::chrono::steady_clock::now() + close_notify_time_max;
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

base::Result<void> TlsStream::prepare(base::Deadline deadline)
{
    if (is_broken_) {
        return base::fail(base::ErrorCode::connection_lost, base::Retry::later,
                          "the TLS session failed before");
    }
    transport_->deadline = deadline;
    transport_->error.reset();
    ERR_clear_error(); // SSL_get_error looks into the queue
    return {};
}

base::Failure TlsStream::fail_for_good()
{
    is_broken_ = true;
    return base::fail(explain_tls_failure(*transport_));
}

base::Result<std::size_t> TlsStream::read_some(std::span<std::byte> buffer, base::Deadline deadline)
{
    WP_ASSERT(!buffer.empty()); // else 0 would read as the end of the stream
    if (auto prepared = prepare(deadline); !prepared) {
        return base::fail(std::move(prepared).error());
    }
    std::size_t count = 0;
    const int result = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &count);
    if (result == 1) {
        return count;
    }
    switch (SSL_get_error(ssl_.get(), result)) { // OpenSSL's numbers, an open set
    case SSL_ERROR_ZERO_RETURN:
        return std::size_t{0}; // close_notify
    case SSL_ERROR_WANT_READ:
        return base::fail(explain_tls_failure(*transport_)); // timed out; see stream_bio.cc
    default:
        return fail_for_good();
    }
}

base::Result<void> TlsStream::write_all(base::ByteView bytes, base::Deadline deadline)
{
    if (auto prepared = prepare(deadline); !prepared) {
        return prepared;
    }
    std::size_t count = 0;
    if (!bytes.empty() && SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count) != 1) {
        return fail_for_good(); // part of a record may be on its way: it cannot be taken up again
    }
    return {};
}

std::string TlsStream::peer_address() const
{
    return transport_->stream->peer_address();
}

} // namespace watchpost::net
