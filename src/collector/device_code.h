// A refresh token by device code: somebody enters a short code in a browser, we ask until it is
// done.
//
// A state machine that asks by the Post it is given and waits for nothing: the caller's clock says
// when. Not thread-safe. RFC 8628.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/error.h"
#include "collector/token_reply.h"
#include "collector/token_source.h"

namespace watchpost::collector {

class DeviceFlow {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::seconds slower_by{5}; // RFC 8628 §3.5
    static constexpr std::chrono::seconds interval_max{300};
    static constexpr std::chrono::minutes lifetime_max{30};

    /// Asks the device end point of the settings, which is there, for a code. The step of an error
    /// is "get device code". `request` needs no secret.
    [[nodiscard]] static base::Result<DeviceFlow> begin(const TokenSource::Post& post,
                                                        const TokenRequest& request, Time now);

    [[nodiscard]] const DeviceCode& code() const noexcept { return code_; }
    [[nodiscard]] Time next_at() const noexcept { return next_at_; } // no sooner than that
    [[nodiscard]] Time ends_at() const noexcept { return ends_at_; }

    /// The refresh token; nullopt: not yet, or asked before next_at(). An error is final; silence
    /// and trouble of the end point are none, and make it ask more seldom.
    [[nodiscard]] base::Result<std::optional<std::string>> ask(const TokenSource::Post& post,
                                                               Time now);

private:
    DeviceFlow(TokenRequest request, DeviceCode code, Time now);
    void slow_down(std::chrono::seconds interval, Time now);
    [[nodiscard]] base::Result<std::optional<std::string>>
    read(const http::Reply& reply, const http::NamedValues& sent, Time now);

    TokenRequest request_;
    DeviceCode code_;
    Time next_at_;
    Time ends_at_;
};

} // namespace watchpost::collector
