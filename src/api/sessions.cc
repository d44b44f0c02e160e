#include "api/sessions.h"

#include <algorithm>

#include "crypto/sha256.h"
#include "secrets/password.h"

namespace watchpost::api {

namespace {

std::string key_of(const std::string& token)
{
    return crypto::to_hex(crypto::sha256(base::as_bytes(token)));
}

} // namespace

std::pair<std::string, Session> Sessions::begin(store::UserId user, std::uint64_t epoch,
                                                base::Instant now)
{
    const std::string token = secrets::random_token();
    const Session session{user, epoch, secrets::random_token(), now, now};
    const std::lock_guard guard{lock_};
    if (sessions_.size() >= limits_.sessions_max) {
        sessions_.erase(std::ranges::min_element(
            sessions_, {}, [](const auto& entry) { return entry.second.used_at; }));
    }
    sessions_[key_of(token)] = session;
    return {token, session};
}

std::optional<Session> Sessions::use(const std::string& token, base::Instant now)
{
    const std::lock_guard guard{lock_};
    const auto found = sessions_.find(key_of(token));
    if (found == sessions_.end()) {
        return std::nullopt;
    }
    if (now >= expires_at(found->second)) {
        sessions_.erase(found);
        return std::nullopt;
    }
    found->second.used_at = now;
    return found->second;
}

std::optional<Session> Sessions::look_at(const std::string& token, base::Instant now) const
{
    const std::lock_guard guard{lock_};
    const auto found = sessions_.find(key_of(token));
    return found == sessions_.end() || now >= expires_at(found->second)
               ? std::nullopt
               : std::optional{found->second};
}

void Sessions::move_to_epoch(const std::string& token, std::uint64_t epoch)
{
    const std::lock_guard guard{lock_};
    if (const auto found = sessions_.find(key_of(token)); found != sessions_.end()) {
        found->second.epoch = epoch;
    }
}

void Sessions::end(const std::string& token)
{
    const std::lock_guard guard{lock_};
    sessions_.erase(key_of(token));
}

base::Instant Sessions::expires_at(const Session& session) const noexcept
{
    return std::min(session.used_at + limits_.idle_max, session.created_at + limits_.age_max);
}

} // namespace watchpost::api
