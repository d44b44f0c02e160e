#include "collector/net_transport.h"

#include "base/assert.h"

namespace watchpost::collector {

using base::Result;

NetTransport::NetTransport(const MailboxSettings& settings, const SessionLimits& limits,
                           net::Connector connector,
                           std::shared_ptr<const net::TlsClient> tls_client)
    : server_{settings.server}
    , port_{settings.port}
    , has_implicit_tls_{settings.tls_mode == TlsMode::implicit}
    , proxy_{settings.proxy}
    , proxy_time_max_{limits.connect.proxy_time_max}
    , connector_{std::move(connector)}
    , tls_client_{std::move(tls_client)}
{
}

Result<std::unique_ptr<NetTransport>> NetTransport::make(const MailboxSettings& settings,
                                                         const SessionLimits& limits,
                                                         const net::Cancellation& cancellation,
                                                         std::shared_ptr<net::AddressMemory> memory)
{
    std::shared_ptr<const net::TlsClient> tls_client;
    if (settings.tls_mode != TlsMode::none) {
        auto made = net::TlsClient::make(settings.tls);
        if (!made) {
            return base::fail(std::move(made).error());
        }
        tls_client = *std::move(made);
    }
    net::Connector connector{settings.proxy ? settings.proxy->server : settings.server,
                             settings.proxy ? settings.proxy->port : settings.port, limits.connect,
                             cancellation, std::move(memory)};
    return std::unique_ptr<NetTransport>{
        new NetTransport{settings, limits, std::move(connector), std::move(tls_client)}};
}

Result<std::unique_ptr<net::Stream>> NetTransport::connect(const net::ConnectObserver& observer)
{
    auto stream = connector_.connect(observer);
    if (!stream && proxy_) {
        const auto& error = stream.error();
        return base::fail(error.code(), error.retry(), "reach the proxy: " + error.message());
    }
    return stream;
}

Result<std::unique_ptr<net::Stream>> NetTransport::pass_proxy(std::unique_ptr<net::Stream> stream)
{
    WP_ASSERT(proxy_.has_value());
    // Only a server that is spoken to in clear at first greets by itself.
    const auto first_word = has_implicit_tls_ ? net::FirstWord::client : net::FirstWord::server;
    return net::pass_proxy(std::move(stream), *proxy_, server_, port_, first_word,
                           std::chrono::steady_clock::now() + proxy_time_max_);
}

Result<std::unique_ptr<net::Stream>> NetTransport::secure(std::unique_ptr<net::Stream> clear,
                                                          base::Deadline deadline,
                                                          net::TlsInfo& info)
{
    WP_ASSERT(tls_client_ != nullptr);
    auto session = tls_client_->handshake(std::move(clear), server_, deadline, &info);
    if (!session) {
        return base::fail(std::move(session).error());
    }
    info = std::move(session->info);
    return std::move(session->stream);
}

} // namespace watchpost::collector
