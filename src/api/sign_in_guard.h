// Private: counts refused sign-ins of names that no account has, as the store does for accounts, so
// that the answers do not tell which names exist. Bounded; thread-safe; time comes from the caller.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/time.h"

namespace watchpost::api {

struct Refusals {
    std::uint32_t count = 0;
    std::optional<base::Instant> locked_until;

    /// One more refusal; locks at `max`.
    void add(base::Instant now, std::uint32_t max, std::chrono::minutes lock_time);
    [[nodiscard]] bool is_locked(base::Instant now) const noexcept
    {
        return locked_until && now < *locked_until;
    }
};

class SignInGuard {
public:
    static constexpr std::size_t names_max = 10'000; // then the memory begins anew

    [[nodiscard]] Refusals of(const std::string& name) const;
    void note(const std::string& name, const Refusals& refusals);

private:
    mutable std::mutex lock_;
    std::map<std::string, Refusals> names_;
};

} // namespace watchpost::api
