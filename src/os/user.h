// Which user a process runs as, and how it becomes another one for good.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/error.h"

namespace watchpost::os {

struct User {
    uid_t uid = 0;
    gid_t gid = 0;

    friend bool operator==(const User&, const User&) = default;
};

/// The effective user and group of this process.
[[nodiscard]] User current_user() noexcept;

/// By the name of an account, or "UID:GID" in figures. not_found says so.
[[nodiscard]] base::Result<User> find_user(const std::string& name);

/// Becomes that user, with no other groups and no way back; nothing where it is him already. While
/// the process has one thread.
[[nodiscard]] base::Result<void> become(const User& user);

/// Keeps, of root's capabilities, those to start children as other users and to end them
/// (CAP_SETUID, CAP_SETGID, CAP_KILL), in this process and whatever it starts. Nothing where we are
/// not root.
[[nodiscard]] base::Result<void> keep_supervisor_capabilities();

} // namespace watchpost::os
