#include "net/tls_stream.h"

#include <array>
#include <chrono>
#include <string_view>

#include "base/assert.h"
#include "net/tls_failure.h"

namespace watchpost::net {

namespace {

/// The alert is 31 octets into a socket buffer; only a peer that stopped reading makes it wait.
constexpr std::chrono::milliseconds close_notify_time_max{100};

/// RFC 9266 §2. With TLS 1.2 it would be unique only under extended master secret; the certificate
/// serves there.
std::optional<ChannelBinding> exported(SSL* ssl)
{
    constexpr std::string_view label = "EXPORTER-Channel-Binding";
    base::Bytes octets(32);
    const bool done =
        SSL_export_keying_material(ssl, reinterpret_cast<unsigned char*>(octets.data()),
                                   octets.size(), label.data(), label.size(), nullptr, 0, 1) == 1;
    ERR_clear_error();
    return done ? std::optional{ChannelBinding{"tls-exporter", std::move(octets)}} : std::nullopt;
}

/// RFC 5929 §4.1: the digest of the certificate's own signature; SHA-256 in place of MD5 and SHA-1.
const EVP_MD* digest_of(X509* certificate)
{
    int digest = NID_undef;
    if (X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr) != 1) {
        return nullptr;
    }
    return digest == NID_md5 || digest == NID_sha1 ? EVP_sha256() : EVP_get_digestbynid(digest);
}

std::optional<ChannelBinding> of_certificate(SSL* ssl)
{
    X509* const certificate = SSL_get0_peer_certificate(ssl);
    const EVP_MD* const digest = certificate == nullptr ? nullptr : digest_of(certificate);
    std::array<unsigned char, EVP_MAX_MD_SIZE> octets{};
    unsigned size = 0;
    const bool done =
        digest != nullptr && X509_digest(certificate, digest, octets.data(), &size) == 1;
    ERR_clear_error();
    if (!done) {
        return std::nullopt;
    }
    const auto bytes = std::as_bytes(std::span{octets}).first(size);
    return ChannelBinding{"tls-server-end-point", base::Bytes{bytes.begin(), bytes.end()}};
}

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

std::optional<ChannelBinding> TlsStream::channel_binding() const
{
    return SSL_version(ssl_.get()) == TLS1_3_VERSION ? exported(ssl_.get())
                                                     : of_certificate(ssl_.get());
}

} // namespace watchpost::net
