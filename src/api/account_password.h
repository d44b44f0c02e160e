// Private: what a password of an account has to be, and how one becomes a hash in an account.
#pragma once

#include <cstddef>
#include <string>

#include "store/records.h"

namespace watchpost::api {

inline constexpr std::size_t account_password_characters_max = 256;
inline constexpr std::size_t new_password_characters_min = 12;

/// Somebody else chose it: to be changed at the next sign-in, and an end of every lock.
inline void set_one_time_password(store::User& user, std::string hash)
{
    user.password_hash = std::move(hash);
    user.must_change_password = true;
    user.failed_sign_ins = 0;
    user.locked_until.reset();
}

} // namespace watchpost::api
