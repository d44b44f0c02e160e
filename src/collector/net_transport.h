// The Transport of the product: TCP and OpenSSL by net/.
#pragma once

#include <memory>
#include <string>

#include "collector/limits.h"
#include "collector/mailbox_settings.h"
#include "collector/transport.h"

namespace watchpost::collector {

class NetTransport final : public Transport {
public:
    /// Checks cipher string and CA file; `cancellation` outlives the transport and its streams.
    [[nodiscard]] static base::Result<std::unique_ptr<NetTransport>>
    make(const MailboxSettings& settings, const SessionLimits& limits,
         const net::Cancellation& cancellation);

    [[nodiscard]] base::Result<std::unique_ptr<net::Stream>>
    connect(const net::ConnectObserver& observer) override;

    [[nodiscard]] base::Result<std::unique_ptr<net::Stream>>
    secure(std::unique_ptr<net::Stream> clear, base::Deadline deadline,
           net::TlsInfo& info) override;

private:
    NetTransport(const MailboxSettings& settings, const SessionLimits& limits,
                 const net::Cancellation& cancellation,
                 std::shared_ptr<const net::TlsClient> tls_client);

    std::string server_;
    std::uint16_t port_;
    net::ConnectLimits limits_;
    const net::Cancellation& cancellation_;
    std::shared_ptr<const net::TlsClient> tls_client_; // null where TLS is off
};

} // namespace watchpost::collector
