// How a session gets its byte stream: connecting and the TLS handshake, without the protocol
// between.
//
// NetTransport is the real one; tests have one without a network. Belongs to one session at a time.
#pragma once

#include <memory>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "net/connect.h"
#include "net/stream.h"
#include "net/tls.h"

namespace watchpost::collector {

class Transport {
public:
    virtual ~Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    /// The first address of the server, or of the proxy before it, that takes the connection.
    [[nodiscard]] virtual base::Result<std::unique_ptr<net::Stream>>
    connect(const net::ConnectObserver& observer) = 0;

    /// Asks the proxy at the other end for the server; called where the settings name one.
    [[nodiscard]] virtual base::Result<std::unique_ptr<net::Stream>>
    pass_proxy(std::unique_ptr<net::Stream> stream)
    {
        return stream;
    }

    /// The handshake, by the mailbox's certificate policy; `info` is filled as far as it came.
    [[nodiscard]] virtual base::Result<std::unique_ptr<net::Stream>>
    secure(std::unique_ptr<net::Stream> clear, base::Deadline deadline, net::TlsInfo& info) = 0;

    /// What serves at this address has failed after it had taken the connection: for a while, other
    /// addresses come first. True where there is one that has not failed.
    virtual bool avoid(std::string_view /*address*/) { return false; }

    /// Somebody has applied the settings: what was remembered of the server's addresses is void.
    virtual void forget_failures() {}

protected:
    Transport() = default;
};

} // namespace watchpost::collector
