#include "net/connect.h"

#include <chrono>

#include "net/connect_any.h"
#include "net/connector.h"
#include "net/resolver.h"
#include "net/server_name.h"
#include "net/wait.h"

namespace watchpost::net {

using base::Result;

Result<std::vector<std::string>> resolve(std::string_view server, base::Deadline deadline,
                                         const Cancellation& cancellation)
{
    auto name = parse_server_name(server);
    if (!name) {
        return base::fail(std::move(name).error());
    }
    if (name->kind == ServerName::Kind::address) {
        return std::vector<std::string>{name->text};
    }
    // As it was written: a trailing dot keeps the search list of resolv.conf out.
    return resolve_host_name(std::string{server}, {}, deadline, cancellation);
}

Result<std::unique_ptr<Stream>> connect_address(std::string_view address, std::uint16_t port,
                                                base::Deadline deadline,
                                                const Cancellation& cancellation)
{
    if (auto going_on = check_going_on(deadline, cancellation); !going_on) {
        return base::fail(std::move(going_on).error());
    }
    ConnectLimits limits;
    limits.address_time_max = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    const std::string only{address};
    return connect_any({&only, 1}, port, limits, cancellation, [](auto, auto, auto) {});
}

Result<std::unique_ptr<Stream>> connect(std::string_view server, std::uint16_t port,
                                        const ConnectLimits& limits,
                                        const Cancellation& cancellation,
                                        const ConnectObserver& observer)
{
    Connector nothing_remembered{std::string{server}, port, limits, cancellation,
                                 std::make_shared<AddressMemory>()};
    return nothing_remembered.connect(observer);
}

} // namespace watchpost::net
