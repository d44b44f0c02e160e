#include "http/server.h"

#include <mutex>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/connection.h"
#include "http/tls_context.h"

namespace watchpost::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using base::ErrorCode;
using base::Retry;
using boost::system::error_code;

class Server::Implementation {
public:
    Implementation(ServerSettings settings, Handler handler,
                   std::shared_ptr<asio::ssl::context> tls)
        : settings_{std::move(settings)}
        , handler_{std::move(handler)}
        , tls_{std::move(tls)}
    {
    }

    base::Result<void> bind();
    void run();
    void stop();

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    void use(std::shared_ptr<asio::ssl::context> tls)
    {
        const std::scoped_lock lock{tls_mutex_};
        tls_ = std::move(tls);
    }

private:
    asio::awaitable<void> accept();
    asio::awaitable<void> serve(tcp::socket socket);

    std::shared_ptr<asio::ssl::context> current_tls()
    {
        const std::scoped_lock lock{tls_mutex_};
        return tls_;
    }

    ServerSettings settings_;
    Handler handler_;
    std::mutex tls_mutex_;
    std::shared_ptr<asio::ssl::context> tls_; // guarded by tls_mutex_
    std::size_t connections_ = 0;             // loop thread only
    std::uint16_t port_ = 0;
    asio::io_context loop_{1};
    tcp::acceptor acceptor_{loop_};
};

base::Result<void> Server::Implementation::bind()
{
    error_code error;
    const auto address = asio::ip::make_address(settings_.address, error);
    if (error) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "'" + settings_.address + "' is no IP address to listen on");
    }
    const tcp::endpoint endpoint{address, settings_.port};
    acceptor_.open(endpoint.protocol(), error);
    if (!error) {
        acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
        acceptor_.bind(endpoint, error);
    }
    if (!error) {
        acceptor_.listen(asio::socket_base::max_listen_connections, error);
    }
    if (error) {
        return base::fail(base::system_error("listen on " + settings_.address + " port " +
                                                 std::to_string(settings_.port),
                                             error.value()));
    }
    port_ = acceptor_.local_endpoint().port();
    return {};
}

void Server::Implementation::run()
{
    asio::co_spawn(loop_, accept(), asio::detached);
    loop_.run();
}

void Server::Implementation::stop()
{
    asio::post(loop_, [this] {
        error_code ignored;
        acceptor_.close(ignored);
        loop_.stop();
    });
}

asio::awaitable<void> Server::Implementation::accept()
{
    asio::steady_timer pause{loop_};
    while (acceptor_.is_open()) {
        error_code error;
        tcp::socket socket =
            co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (error || connections_ >= settings_.connections_max) {
            // Out of file descriptors or at the limit: an accept loop without a pause would spin.
            pause.expires_after(std::chrono::milliseconds{50});
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
            continue;
        }
        asio::co_spawn(loop_, serve(std::move(socket)), asio::detached);
    }
}

asio::awaitable<void> Server::Implementation::serve(tcp::socket socket)
{
    ++connections_;
    co_await serve_connection(std::move(socket), current_tls(), settings_, handler_);
    --connections_;
}

Server::Server(std::unique_ptr<Implementation> implementation)
    : implementation_{std::move(implementation)}
{
}

Server::~Server() = default;

base::Result<std::unique_ptr<Server>> Server::make(const ServerSettings& settings, Handler handler)
{
    auto tls = make_tls_context(settings.certificate_pem, settings.key_pem);
    if (!tls) {
        return base::fail(std::move(tls.error()));
    }
    auto implementation =
        std::make_unique<Implementation>(settings, std::move(handler), std::move(*tls));
    auto bound = implementation->bind();
    if (!bound) {
        return base::fail(std::move(bound.error()));
    }
    return std::unique_ptr<Server>{new Server{std::move(implementation)}};
}

std::uint16_t Server::port() const noexcept
{
    return implementation_->port();
}

void Server::run()
{
    implementation_->run();
}

void Server::stop()
{
    implementation_->stop();
}

base::Result<void> Server::use_certificate(const std::string& certificate_pem,
                                           const std::string& key_pem)
{
    auto tls = make_tls_context(certificate_pem, key_pem);
    if (!tls) {
        return base::fail(std::move(tls.error()));
    }
    implementation_->use(std::move(*tls));
    return {};
}

} // namespace watchpost::http
