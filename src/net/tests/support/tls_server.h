// Servers on a free port of 127.0.0.1, each in a thread of its own: one that runs a function over
// the plain socket, and one that speaks TLS first. Each serves one connection after the other until
// it is destroyed. No wait is longer than io_time_max.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "net/tests/support/certificate_maker.h"

namespace watchpost::net::test {

inline constexpr std::chrono::seconds io_time_max{20};

/// Reads and drops what comes until the peer ends the stream.
void swallow(int fd);
/// Sends `text` and then swallows.
[[nodiscard]] std::function<void(int)> say_in_clear(std::string text);

/// Serves one accepted socket; the server closes it afterwards.
using SocketService = std::function<void(int fd)>;

class SocketServer {
public:
    explicit SocketServer(SocketService service);
    ~SocketServer(); // ends the connection that is being served, too
    SocketServer(const SocketServer&) = delete;
    SocketServer& operator=(const SocketServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
    void serve();
    [[nodiscard]] bool begin(int fd);
    void end(int fd);

    SocketService service_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::mutex lock_; // of the two below: a descriptor that was closed must not be shut down
    int connection_ = -1;
    bool stops_ = false;
    std::thread thread_;
};

/// What a TLS server does once the handshake is done.
using TlsService = std::function<void(SSL* ssl)>;

struct TlsServerSettings {
    Identity identity;
    std::vector<Certificate> chain = {}; // sent after the leaf
    int version_max = TLS1_3_VERSION;
    std::string ciphers = "ALL:@SECLEVEL=0"; // also serves what clients should refuse
    std::string greeting = {};               // sent in clear before the handshake
    bool demands_client_certificate = false;
    std::function<void(std::string_view)> on_sni = [](std::string_view) {}; // "" where none came
};

class TlsServer {
public:
    TlsServer(TlsServerSettings settings, TlsService service);
    [[nodiscard]] std::uint16_t port() const noexcept { return server_->port(); }

private:
    void serve(int fd);

    TlsServerSettings settings_;
    TlsService service_;
    std::shared_ptr<SSL_CTX> context_;
    std::unique_ptr<SocketServer> server_; // last: its thread uses the others
};

// Services.

/// Reads until the peer ends the stream, then says close_notify.
void wait_for_end(SSL* ssl);
/// Sends back what comes, until the end.
void echo(SSL* ssl);
/// Sends `text`, then close_notify.
[[nodiscard]] TlsService say(std::string text);
/// Sends `text`, then ends the connection without close_notify.
[[nodiscard]] TlsService say_and_break_off(std::string text);

} // namespace watchpost::net::test
