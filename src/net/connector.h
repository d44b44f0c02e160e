// The way to one server: as net::connect, with what is remembered of its addresses.
//
// Belongs to one session at a time; the memory is shared by all.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "net/address_memory.h"
#include "net/connect.h"
#include "net/stream.h"

namespace watchpost::net {

class Connector {
public:
    /// `cancellation` outlives the connector and its streams.
    Connector(std::string server, std::uint16_t port, const ConnectLimits& limits,
              const Cancellation& cancellation, std::shared_ptr<AddressMemory> memory);

    /// As net::connect, which see; addresses that have failed of late come last, and those that
    /// fail now are remembered. One that was only overtaken is not.
    [[nodiscard]] base::Result<std::unique_ptr<Stream>> connect(const ConnectObserver& observer);

    /// What stands behind this address has failed after it had taken the connection: remembered.
    /// True where the last connect() knew an address that has not failed.
    bool avoid(std::string_view address);

    /// The addresses of this server are tried anew.
    void forget_failures();

private:
    std::string server_;
    std::uint16_t port_;
    ConnectLimits limits_;
    const Cancellation& cancellation_;
    std::shared_ptr<AddressMemory> memory_;
    std::vector<std::string> addresses_; // of the last connect()
};

} // namespace watchpost::net
