// Who is signed in. Sessions live in memory: a restart of control ends them all, and nothing that
// lies on the disk opens one.
//
// The cookie's token is 256 random bits; only its SHA-256 is kept as the key, so that a look
// at the table costs no timing secret. Thread-safe. Time comes from the caller.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/time.h"
#include "store/ids.h"

namespace watchpost::api {

struct Session {
    store::UserId user;
    std::uint64_t epoch = 0; // of the account when it signed in; a risen one ends the session
    std::string csrf_token;
    base::Instant created_at{};
    base::Instant used_at{};
};

struct SessionLimits {
    std::chrono::minutes idle_max{30};
    std::chrono::hours age_max{12};
    std::size_t sessions_max = 10'000; // then the one that was idle the longest goes
};

class Sessions {
public:
    explicit Sessions(SessionLimits limits = {}) : limits_{limits} {}

    /// The token for the cookie; the CSRF token is in the session.
    [[nodiscard]] std::pair<std::string, Session> begin(store::UserId user, std::uint64_t epoch,
                                                        base::Instant now);

    /// The session of that token, used now; nullopt where there is none or its time is over.
    [[nodiscard]] std::optional<Session> use(const std::string& token, base::Instant now);

    /// The same without using it.
    [[nodiscard]] std::optional<Session> look_at(const std::string& token, base::Instant now) const;

    void end(const std::string& token);

    /// Keeps that one session alive while all others of the account end.
    void move_to_epoch(const std::string& token, std::uint64_t epoch);

    /// When it ends by itself if it is not used again.
    [[nodiscard]] base::Instant expires_at(const Session& session) const noexcept;

private:
    SessionLimits limits_;
    mutable std::mutex lock_;
    std::map<std::string, Session> sessions_; // by the token's SHA-256
};

} // namespace watchpost::api
