#include "os/pinned_program.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace watchpost::os {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

base::Failure refuse(const std::filesystem::path& path, const char* why)
{
    return base::fail(ErrorCode::invalid_argument, Retry::never,
                      "the program " + path.string() + " is not run: " + why);
}

bool is_only_ours(const struct stat& status)
{
    const bool is_owner_trusted = status.st_uid == 0 || status.st_uid == ::geteuid();
    return is_owner_trusted && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

Result<void> check_folders(const std::filesystem::path& path)
{
    for (auto folder = path.parent_path();; folder = folder.parent_path()) {
        struct stat status{};
        if (::stat(folder.c_str(), &status) != 0 || !is_only_ours(status)) {
            return refuse(path, "another user may change the folder that it lies in");
        }
        if (folder == folder.root_path()) {
            return {};
        }
    }
}

} // namespace

Result<UniqueFd> pin_program(const std::filesystem::path& path)
{
    if (!path.is_absolute()) {
        return refuse(path, "its path must begin with /");
    }
    std::error_code failure;
    const auto real = std::filesystem::canonical(path, failure);
    if (failure) {
        return base::fail(ErrorCode::not_found, Retry::never,
                          "the program " + path.string() + " is not there");
    }
    if (auto checked = check_folders(real); !checked) {
        return base::fail(std::move(checked.error()));
    }
    UniqueFd program{::open(real.c_str(), O_PATH | O_CLOEXEC | O_NOFOLLOW)};
    struct stat status{};
    if (!program.is_open() || ::fstat(program.get(), &status) != 0) {
        return base::fail(base::system_error("open " + real.string(), errno));
    }
    if (!S_ISREG(status.st_mode) || ::access(real.c_str(), X_OK) != 0) {
        return refuse(path, "it is no program");
    }
    if (!is_only_ours(status)) {
        return refuse(path, "another user may change it");
    }
    return program;
}

} // namespace watchpost::os
