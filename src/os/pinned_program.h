// A program of the system that may be run on hostile bytes: which file it is, is settled before
// they come. Thread-safe.
#pragma once

#include <filesystem>

#include "base/error.h"
#include "os/unique_fd.h"

namespace watchpost::os {

/// Opens the program for Process::execute. Refused is what another user could replace: the path is
/// absolute, and file and folders belong to root or to this user and are writable by nobody else.
/// ErrorCode::not_found where there is none.
[[nodiscard]] base::Result<UniqueFd> pin_program(const std::filesystem::path& path);

} // namespace watchpost::os
