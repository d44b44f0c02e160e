// The Transport of the product: TCP and OpenSSL by net/.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "collector/limits.h"
#include "collector/mailbox_settings.h"
#include "collector/transport.h"
#include "net/address_memory.h"
#include "net/connector.h"
#include "net/proxy.h"

namespace watchpost::collector {

class NetTransport final : public Transport {
public:
    /// Checks cipher string and CA file; `cancellation` outlives the transport and its streams.
    /// `memory` is shared by all mailboxes of a process.
    [[nodiscard]] static base::Result<std::unique_ptr<NetTransport>>
    make(const MailboxSettings& settings, const SessionLimits& limits,
         const net::Cancellation& cancellation,
         std::shared_ptr<net::AddressMemory> memory = std::make_shared<net::AddressMemory>());

    [[nodiscard]] base::Result<std::unique_ptr<net::Stream>>
    connect(const net::ConnectObserver& observer) override;

    [[nodiscard]] base::Result<std::unique_ptr<net::Stream>>
    secure(std::unique_ptr<net::Stream> clear, base::Deadline deadline,
           net::TlsInfo& info) override;

    [[nodiscard]] base::Result<std::unique_ptr<net::Stream>>
    pass_proxy(std::unique_ptr<net::Stream> stream) override;

    bool avoid(std::string_view address) override { return connector_.avoid(address); }
    void forget_failures() override { connector_.forget_failures(); }

private:
    NetTransport(const MailboxSettings& settings, const SessionLimits& limits,
                 net::Connector connector, std::shared_ptr<const net::TlsClient> tls_client);

    std::string server_;
    std::uint16_t port_;
    bool has_implicit_tls_;
    std::optional<net::ProxySettings> proxy_;
    std::chrono::milliseconds proxy_time_max_;
    net::Connector connector_;                         // to the server, or to the proxy before it
    std::shared_ptr<const net::TlsClient> tls_client_; // null where TLS is off
};

} // namespace watchpost::collector
