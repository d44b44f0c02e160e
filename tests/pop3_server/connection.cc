#include "pop3_server/connection.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace watchpost::test {

struct ServerConnection::Tls {
    SSL_CTX* context = nullptr;
    SSL* session = nullptr;

    Tls() = default;
    ~Tls()
    {
        SSL_free(session);
        SSL_CTX_free(context);
    }
    Tls(const Tls&) = delete;
    Tls& operator=(const Tls&) = delete;
};

namespace {

/// What to wait for before the call that returned `result` can go on; 0: it never can.
short wanted(const SSL* session, int result)
{
    switch (SSL_get_error(session, result)) {
    case SSL_ERROR_WANT_READ:
        return POLLIN;
    case SSL_ERROR_WANT_WRITE:
        return POLLOUT;
    default:
        ERR_clear_error();
        return 0;
    }
}

} // namespace

ServerConnection::ServerConnection(int fd, int stop_fd) : fd_{fd}, stop_fd_{stop_fd}
{
    const int on = 1; // what is said by steps is not to wait for acknowledgements
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
}

ServerConnection::~ServerConnection()
{
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

bool ServerConnection::wait_for(short events) const
{
    std::array<pollfd, 2> waits{{{fd_, events, 0}, {stop_fd_, POLLIN, 0}}};
    return ::poll(waits.data(), waits.size(), -1) > 0 && waits[1].revents == 0;
}

bool ServerConnection::wait()
{
    return (tls_ && SSL_pending(tls_->session) > 0) || wait_for(POLLIN);
}

void ServerConnection::pause(std::chrono::milliseconds time) const
{
    pollfd stop{stop_fd_, POLLIN, 0};
    ::poll(&stop, 1, static_cast<int>(time.count()));
}

bool ServerConnection::write(std::string_view octets)
{
    while (!octets.empty()) {
        ssize_t count = 0;
        short events = POLLOUT;
        if (tls_) {
            count = SSL_write(tls_->session, octets.data(), static_cast<int>(octets.size()));
            events = count > 0 ? events : wanted(tls_->session, static_cast<int>(count));
        } else {
            count = ::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL);
            events = count > 0 || (count < 0 && errno == EAGAIN) ? events : short{0};
        }
        if (count > 0) {
            octets.remove_prefix(static_cast<std::size_t>(count));
        } else if (events == 0 || !wait_for(events)) {
            return false;
        }
    }
    return true;
}

std::string ServerConnection::read()
{
    std::array<char, 65536> buffer{};
    while (true) {
        ssize_t count = 0;
        short events = POLLIN;
        if (tls_) {
            count = SSL_read(tls_->session, buffer.data(), static_cast<int>(buffer.size()));
            events = count > 0 ? events : wanted(tls_->session, static_cast<int>(count));
        } else {
            count = ::recv(fd_, buffer.data(), buffer.size(), 0);
            events = count > 0 || (count < 0 && errno == EAGAIN) ? events : short{0};
        }
        if (count > 0) {
            return {buffer.data(), static_cast<std::size_t>(count)};
        }
        if (events == 0 || !wait_for(events)) {
            return {};
        }
    }
}

bool ServerConnection::start_tls(const std::string& certificate, const std::string& key)
{
    auto tls = std::make_unique<Tls>();
    tls->context = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(tls->context, certificate.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(tls->context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
        std::fprintf(stderr, "scripted POP3 server: %s and %s are no certificate and key\n",
                     certificate.c_str(), key.c_str());
        std::abort();
    }
    tls->session = SSL_new(tls->context);
    SSL_set_fd(tls->session, fd_);
    for (int done = SSL_accept(tls->session); done != 1; done = SSL_accept(tls->session)) {
        const short events = wanted(tls->session, done);
        if (events == 0 || !wait_for(events)) {
            return false;
        }
    }
    tls_ = std::move(tls);
    return true;
}

std::string ServerConnection::binding() const
{
    if (!tls_) {
        return {};
    }
    constexpr std::string_view label = "EXPORTER-Channel-Binding";
    std::string octets(32, '\0');
    SSL_export_keying_material(tls_->session, reinterpret_cast<unsigned char*>(octets.data()),
                               octets.size(), label.data(), label.size(), nullptr, 0, 0);
    return octets;
}

void ServerConnection::close()
{
    if (tls_) {
        SSL_shutdown(tls_->session);
        ERR_clear_error();
    }
    cut();
}

void ServerConnection::cut()
{
    tls_.reset();
    ::shutdown(fd_, SHUT_WR);
    while (!read().empty()) { // what is unread would turn the end into a reset
    }
    ::close(fd_);
    fd_ = -1;
}

void ServerConnection::reset()
{
    tls_.reset();
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(fd_);
    fd_ = -1;
}

} // namespace watchpost::test
