#include "api/sign_in_guard.h"

namespace watchpost::api {

void Refusals::add(base::Instant now, std::uint32_t max, std::chrono::minutes lock_time)
{
    if (locked_until && now >= *locked_until) {
        *this = {}; // the lock is over
    }
    if (++count >= max) {
        locked_until = now + lock_time;
    }
}

Refusals SignInGuard::of(const std::string& name) const
{
    const std::lock_guard guard{lock_};
    const auto found = names_.find(name);
    return found == names_.end() ? Refusals{} : found->second;
}

void SignInGuard::note(const std::string& name, const Refusals& refusals)
{
    const std::lock_guard guard{lock_};
    if (names_.size() >= names_max) {
        names_.clear();
    }
    names_[name] = refusals;
}

} // namespace watchpost::api
