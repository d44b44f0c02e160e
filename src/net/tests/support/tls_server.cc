#include "net/tests/support/tls_server.h"

#include <netinet/in.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/assert.h"

namespace watchpost::net::test {

SocketServer::SocketServer(SocketService service) : service_{std::move(service)}
{
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    WP_ASSERT(::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    WP_ASSERT(::listen(listener_, 16) == 0);
    WP_ASSERT(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
}

SocketServer::~SocketServer()
{
    {
        const std::lock_guard guard{lock_};
        stops_ = true;
        ::shutdown(listener_, SHUT_RDWR); // ends accept()
        if (connection_ >= 0) {
            ::shutdown(connection_, SHUT_RDWR); // ends a read of the service
        }
    }
    thread_.join();
    ::close(listener_);
}

bool SocketServer::begin(int fd)
{
    const timeval limit{.tv_sec = io_time_max.count(), .tv_usec = 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const std::lock_guard guard{lock_};
    connection_ = fd;
    return !stops_;
}

void SocketServer::end(int fd)
{
    const std::lock_guard guard{lock_};
    connection_ = -1;
    ::close(fd);
}

void SocketServer::serve()
{
    // OpenSSL's socket BIO writes without MSG_NOSIGNAL. Blocked in this thread alone, so that a
    // SIGPIPE which the code under test raises still ends the test.
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);
    for (;;) {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) {
            return;
        }
        if (begin(fd)) {
            service_(fd);
        }
        end(fd);
    }
}

namespace {

std::shared_ptr<SSL_CTX> make_context(const TlsServerSettings& settings)
{
    std::shared_ptr<SSL_CTX> context{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), settings.version_max);
    WP_ASSERT(SSL_CTX_set_cipher_list(context.get(), settings.ciphers.c_str()) == 1);
    WP_ASSERT(SSL_CTX_use_certificate(context.get(), settings.identity.certificate.get()) == 1);
    WP_ASSERT(SSL_CTX_use_PrivateKey(context.get(), settings.identity.key.get()) == 1);
    SSL_CTX_set_mode(context.get(), SSL_MODE_AUTO_RETRY);
    for (const auto& certificate : settings.chain) {
        WP_ASSERT(SSL_CTX_add1_chain_cert(context.get(), certificate.get()) == 1);
    }
    if (settings.demands_client_certificate) {
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                           nullptr);
    }
    // Exactly the chain of the test: nothing is added from the system's store.
    SSL_CTX_set_mode(context.get(), SSL_MODE_NO_AUTO_CHAIN);
    return context;
}

} // namespace

TlsServer::TlsServer(TlsServerSettings settings, TlsService service)
    : settings_{std::move(settings)}
    , service_{std::move(service)}
    , context_{make_context(settings_)}
    , server_{std::make_unique<SocketServer>([this](int fd) { serve(fd); })}
{
}

void TlsServer::serve(int fd)
{
    if (!settings_.greeting.empty()) {
        ::send(fd, settings_.greeting.data(), settings_.greeting.size(), MSG_NOSIGNAL);
    }
    const std::unique_ptr<SSL, decltype(&SSL_free)> ssl{SSL_new(context_.get()), SSL_free};
    SSL_set_fd(ssl.get(), fd);
    if (SSL_accept(ssl.get()) == 1) {
        const char* const name = SSL_get_servername(ssl.get(), TLSEXT_NAMETYPE_host_name);
        settings_.on_sni(name != nullptr ? name : "");
        service_(ssl.get());
    }
    ERR_clear_error();
}

void swallow(int fd)
{
    std::array<char, 4096> buffer{};
    while (::recv(fd, buffer.data(), buffer.size(), 0) > 0) {
    }
}

std::function<void(int)> say_in_clear(std::string text)
{
    return [text = std::move(text)](int fd) {
        ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        swallow(fd);
    };
}

void wait_for_end(SSL* ssl)
{
    std::array<char, 4096> buffer{};
    while (SSL_read(ssl, buffer.data(), buffer.size()) > 0) {
    }
    SSL_shutdown(ssl);
}

void echo(SSL* ssl)
{
    std::array<char, 16384> buffer{};
    for (;;) {
        const int count = SSL_read(ssl, buffer.data(), buffer.size());
        if (count <= 0) {
            break;
        }
        SSL_write(ssl, buffer.data(), count);
    }
    SSL_shutdown(ssl);
}

TlsService say(std::string text)
{
    return [text = std::move(text)](SSL* ssl) {
        SSL_write(ssl, text.data(), static_cast<int>(text.size()));
        SSL_shutdown(ssl);
    };
}

TlsService say_and_break_off(std::string text)
{
    return [text = std::move(text)](SSL* ssl) {
        SSL_write(ssl, text.data(), static_cast<int>(text.size()));
    };
}

} // namespace watchpost::net::test
