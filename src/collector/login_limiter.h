// At most two refused log-ins in 30 minutes: directories lock accounts after a few more.
//
// Counts refusals of the secret over all mechanisms, by the caller's clock. Not thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace watchpost::collector {

class LoginLimiter {
public:
    static constexpr unsigned refusals_max = 2;
    static constexpr std::chrono::minutes window{30};

    LoginLimiter() = default;

    /// How many refusals may still come now.
    [[nodiscard]] unsigned refusals_left(base::Instant now) const;

    /// When refusals_left() is next above 0; `now` where it is.
    [[nodiscard]] base::Instant next_try(base::Instant now) const;

    void note_refusals(unsigned count, base::Instant now);

    /// The clock was set back: refusals "in the future" become refusals of now, so that they end.
    /// True where there were such, and what is stored has to be stored again.
    [[nodiscard]] bool bring_back(base::Instant now);

    /// After a log-in that worked, or when the operator has changed something.
    void start_anew() { refusals_.clear(); }

    [[nodiscard]] bool is_new() const noexcept { return refusals_.empty(); }

    /// Times in RFC 3339, separated by spaces; nullopt for what to_text does not write.
    [[nodiscard]] std::string to_text() const;
    [[nodiscard]] static std::optional<LoginLimiter> parse(std::string_view text);

private:
    /// A refusal "in the future" counts as of now.
    [[nodiscard]] std::vector<base::Instant> recent(base::Instant now) const;

    std::vector<base::Instant> refusals_; // the newest refusals_max, oldest first
};

} // namespace watchpost::collector
