#include "net/connector.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "diag/quote.h"
#include "net/connect_any.h"

namespace watchpost::net {

Connector::Connector(std::string server, std::uint16_t port, const ConnectLimits& limits,
                     const Cancellation& cancellation, std::shared_ptr<AddressMemory> memory)
    : server_{std::move(server)}
    , port_{port}
    , limits_{limits}
    , cancellation_{cancellation}
    , memory_{std::move(memory)}
{
}

base::Result<std::unique_ptr<Stream>> Connector::connect(const ConnectObserver& observer)
{
    const auto deadline = std::chrono::steady_clock::now() + limits_.resolve_time_max;
    auto resolved = resolve(server_, deadline, cancellation_);
    if (!resolved) {
        return base::fail(std::move(resolved).error().during("resolve " + diag::quote(server_)));
    }
    addresses_ = memory_->put_last(server_, port_, *std::move(resolved));
    auto stream =
        connect_any(addresses_, port_, limits_, cancellation_,
                    [&](std::string_view address, AttemptEnd end, std::string_view outcome) {
                        if (end == AttemptEnd::failed) {
                            memory_->note_failure(server_, port_, address);
                        }
                        if (observer) {
                            observer(address, outcome);
                        }
                    });
    if (!stream) {
        return base::fail(std::move(stream).error().during("connect to " + diag::quote(server_)));
    }
    return stream;
}

bool Connector::avoid(std::string_view address)
{
    memory_->note_failure(server_, port_, address);
    return std::ranges::any_of(addresses_, [&](const std::string& other) {
        return !memory_->has_failed(server_, port_, other);
    });
}

void Connector::forget_failures()
{
    memory_->forget(server_, port_);
}

} // namespace watchpost::net
