// An HTTPS server on Boost.Beast: TLS, limits, deadlines, server-sent events. It knows nothing of
// the API.
//
// One loop thread (the one that calls run()) does all I/O; the handler is called on it and must not
// block: it hands the Responder to a thread of its own and returns. Plain HTTP on the port is
// answered with a redirect to https. Every wait has a deadline, every size a limit.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "http/message.h"

namespace watchpost::http {

struct ServerSettings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8443;   // 0: any free one, see Server::port
    std::string certificate_pem; // leaf first
    std::string key_pem;
    std::size_t body_bytes_max = std::size_t{8} << 20U;
    std::size_t header_bytes_max = std::size_t{32} << 10U;
    std::size_t connections_max = 1'000;
    std::chrono::seconds handshake_time_max{10};
    std::chrono::seconds request_time_max{30};   // to receive one request
    std::chrono::seconds response_time_max{120}; // for the handler to answer
    std::chrono::seconds idle_time_max{60};      // between requests of one connection
    std::chrono::seconds event_pause_max{
        15}; // a comment line keeps proxies from closing the stream
};

/// Takes the one response to one request; may be called from any thread, once. Dropping it answers
/// 500.
class Responder {
public:
    class Exchange;
    explicit Responder(std::shared_ptr<Exchange> exchange);
    ~Responder();
    Responder(Responder&&) noexcept;
    Responder& operator=(Responder&&) noexcept;
    Responder(const Responder&) = delete;
    Responder& operator=(const Responder&) = delete;

    void send(Response response);

private:
    std::shared_ptr<Exchange> exchange_;
};

using Handler = std::function<void(Request request, Responder responder)>;

class Server {
public:
    /// Binds and checks the certificate; the error names which of the two failed and the remedy.
    [[nodiscard]] static base::Result<std::unique_ptr<Server>> make(const ServerSettings& settings,
                                                                    Handler handler);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;

    /// Serves until stop(). The calling thread is the loop thread.
    void run();

    /// Stops accepting, closes connections, lets run() return. From any thread or a signal
    /// handler's thread.
    void stop();

    /// New connections get this certificate at once. Thread-safe.
    [[nodiscard]] base::Result<void> use_certificate(const std::string& certificate_pem,
                                                     const std::string& key_pem);

private:
    class Implementation;
    explicit Server(std::unique_ptr<Implementation> implementation);
    std::unique_ptr<Implementation> implementation_;
};

} // namespace watchpost::http
