#include "collector/net_transport.h"

#include "base/assert.h"

namespace watchpost::collector {

using base::Result;

NetTransport::NetTransport(const MailboxSettings& settings, net::Connector connector,
                           std::shared_ptr<const net::TlsClient> tls_client)
    : server_{settings.server}
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
    net::Connector connector{settings.server, settings.port, limits.connect, cancellation,
                             std::move(memory)};
    return std::unique_ptr<NetTransport>{
        new NetTransport{settings, std::move(connector), std::move(tls_client)}};
}

Result<std::unique_ptr<net::Stream>> NetTransport::connect(const net::ConnectObserver& observer)
{
    return connector_.connect(observer);
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
