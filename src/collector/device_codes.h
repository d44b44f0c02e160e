// The device codes that the console's users are about to enter: one flow each, asked on when the
// console asks, no sooner than the end point wants.
//
// In memory only: after a restart somebody begins again. Thread-safe. RFC 8628.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/error.h"
#include "collector/device_code.h"
#include "collector/mailbox_login.h"

namespace watchpost::collector {

/// DeviceCode of schema/openapi.yaml.
struct DeviceState {
    enum class Outcome : std::uint8_t { pending, granted, failed };

    Outcome outcome = Outcome::pending;
    std::string id = {}; // to ask on with
    std::string user_code = {};
    std::string verification_uri = {};
    std::string verification_uri_complete = {}; // may be empty
    std::uint64_t expires_in_s = 0;
    std::uint64_t interval_s = 0;  // to ask again after
    std::string sealed_token = {}; // where granted; only the collector can open it
    std::string text = {};         // why it failed, quoted
};

/// "pending", "granted", "failed".
[[nodiscard]] std::string_view to_string(DeviceState::Outcome outcome) noexcept;

class DeviceCodes {
public:
    static constexpr std::size_t flows_max = 20;

    using Clock = std::function<std::chrono::steady_clock::time_point()>;

    /// `key` outlives it.
    DeviceCodes(TokenSource::Post post, const secrets::KeyPair& key, Clock clock)
        : post_{std::move(post)}
        , key_{key}
        , clock_{std::move(clock)}
    {
    }

    /// The settings are JSON as for check_integration; `sealed` may hold a client secret.
    [[nodiscard]] DeviceState begin(const std::string& settings_json, const std::string& sealed);
    [[nodiscard]] DeviceState ask(const std::string& id);

private:
    struct Flow {
        Flow(DeviceFlow the_flow, std::string settings)
            : flow{std::move(the_flow)}
            , settings_json{std::move(settings)}
        {
        }

        std::mutex lock; // of the flow, and held while the end point is asked
        DeviceFlow flow;
        std::string settings_json;
    };

    [[nodiscard]] base::Result<std::string> add(DeviceFlow flow, const std::string& settings_json);
    void drop(const std::string& id);

    TokenSource::Post post_;
    const secrets::KeyPair& key_;
    Clock clock_;
    std::mutex lock_; // of flows_
    std::map<std::string, std::shared_ptr<Flow>> flows_;
};

} // namespace watchpost::collector
