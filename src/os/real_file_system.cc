#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/assert.h"
#include "os/file_system.h"
#include "os/real_file.h"
#include "os/unique_fd.h"

namespace watchpost::os {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

constexpr mode_t file_mode = 0600;
constexpr mode_t folder_mode = 0700;
constexpr mode_t shared_file_mode = 0640; // in a folder that shares with its group
constexpr mode_t shared_folder_mode = 0750;
constexpr mode_t sharing = S_ISGID | S_IRGRP | S_IXGRP;

base::Failure failure(std::string_view call, const std::string& path)
{
    const int code = errno;
    return base::fail(base::system_error(std::string{call} + " " + path, code));
}

/// openat() that is not disturbed by signals.
int open_at(int folder, const std::string& name, int flags, mode_t mode = file_mode)
{
    int descriptor = -1;
    do {
        descriptor = ::openat(folder, name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode);
    } while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

bool shares_with_group(int folder)
{
    struct stat status{};
    return ::fstat(folder, &status) == 0 && (status.st_mode & sharing) == sharing;
}

class RealLock final : public Lock {
public:
    explicit RealLock(UniqueFd descriptor) : descriptor_{std::move(descriptor)} {}

private:
    UniqueFd descriptor_; // flock() goes with the descriptor
};

/// The process id that a holder wrote, digits only: the file may hold anything.
std::string holder_of(int descriptor)
{
    std::array<char, 16> text{};
    const ssize_t got = ::pread(descriptor, text.data(), text.size(), 0);
    const std::string_view written{text.data(), got > 0 ? static_cast<std::size_t>(got) : 0U};
    const auto pid = base::parse_decimal(written.substr(0, written.find('\n')));
    return pid ? "process " + std::to_string(*pid) : std::string{"another process"};
}

class RealFileSystem final : public FileSystem {
public:
    RealFileSystem(UniqueFd folder, std::string path)
        : folder_{std::move(folder)}
        , path_{std::move(path)}
        , is_shared_{shares_with_group(folder_.get())}
    {
    }

    Result<std::unique_ptr<File>> open(std::string_view name, OpenMode mode) override
    {
        const int flags = mode == OpenMode::read         ? O_RDONLY
                          : mode == OpenMode::read_write ? O_RDWR
                                                         : O_RDWR | O_CREAT | O_EXCL;
        UniqueFd descriptor{open_at(folder_.get(), std::string{name}, flags,
                                    is_shared_ ? shared_file_mode : file_mode)};
        if (!descriptor.is_open()) {
            if (errno == EEXIST) {
                return base::fail(ErrorCode::invalid_argument, Retry::never,
                                  full(name) + " exists already");
            }
            return failure("open", full(name));
        }
        return std::make_unique<RealFile>(std::move(descriptor), full(name));
    }

    Result<void> make_folder(std::string_view name) override
    {
        if (::mkdirat(folder_.get(), std::string{name}.c_str(),
                      is_shared_ ? shared_folder_mode : folder_mode) != 0 &&
            errno != EEXIST) {
            return failure("mkdir", full(name));
        }
        return {};
    }

    Result<void> sync_folder(std::string_view name) override
    {
        const UniqueFd descriptor{open_subfolder(name)};
        if (!descriptor.is_open()) {
            return failure("open", full(name));
        }
        if (::fsync(descriptor.get()) != 0) {
            return failure("fsync", full(name));
        }
        return {};
    }

    Result<void> rename(std::string_view from, std::string_view to) override
    {
        if (::renameat(folder_.get(), std::string{from}.c_str(), folder_.get(),
                       std::string{to}.c_str()) != 0) {
            return failure("rename", full(from));
        }
        return {};
    }

    Result<void> remove(std::string_view name) override
    {
        if (::unlinkat(folder_.get(), std::string{name}.c_str(), 0) != 0) {
            return failure("unlink", full(name));
        }
        return {};
    }

    Result<std::vector<std::string>> list(std::string_view folder) override
    {
        UniqueFd descriptor{open_subfolder(folder)};
        if (!descriptor.is_open()) {
            return failure("open", full(folder));
        }
        const std::unique_ptr<DIR, int (*)(DIR*)> entries{::fdopendir(descriptor.get()),
                                                          &::closedir};
        if (!entries) {
            return failure("list", full(folder));
        }
        static_cast<void>(descriptor.release()); // closedir() closes it
        return read_names(*entries, full(folder));
    }

    Result<std::uint64_t> octets_in(std::string_view folder) override
    {
        const UniqueFd descriptor{open_subfolder(folder)};
        const auto names = list(folder);
        if (!descriptor.is_open() || !names) {
            return descriptor.is_open() ? Result<std::uint64_t>{base::fail(names.error())}
                                        : failure("open", full(folder));
        }
        std::uint64_t octets = 0;
        for (const auto& name : *names) {
            struct stat status{};
            if (::fstatat(descriptor.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
                octets += static_cast<std::uint64_t>(status.st_size);
            } else if (errno != ENOENT) {
                return failure("stat", full(name));
            }
        }
        return octets;
    }

    Result<std::uint64_t> free_bytes() override
    {
        struct statvfs status{};
        if (::fstatvfs(folder_.get(), &status) != 0) {
            return failure("statvfs", path_);
        }
        return std::uint64_t{status.f_bavail} * std::uint64_t{status.f_frsize};
    }

    Result<std::unique_ptr<Lock>> lock(std::string_view name) override
    {
        UniqueFd descriptor{open_at(folder_.get(), std::string{name}, O_RDWR | O_CREAT)};
        if (!descriptor.is_open()) {
            return failure("open", full(name));
        }
        if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK) {
                return base::fail(ErrorCode::busy, Retry::later,
                                  path_ + " is in use by " + holder_of(descriptor.get()) +
                                      "; wait for it or stop it");
            }
            return failure("flock", full(name));
        }
        const std::string pid = std::to_string(::getpid()) + "\n";
        if (::ftruncate(descriptor.get(), 0) != 0 ||
            ::pwrite(descriptor.get(), pid.data(), pid.size(), 0) < 0) {
            return failure("write", full(name));
        }
        return std::make_unique<RealLock>(std::move(descriptor));
    }

    std::string describe() const override { return path_; }

private:
    std::string full(std::string_view name) const
    {
        return name.empty() ? path_ : path_ + "/" + std::string{name};
    }

    /// A descriptor of its own, so that reading it does not move somebody else's position.
    int open_subfolder(std::string_view name) const
    {
        return open_at(folder_.get(), name.empty() ? std::string{"."} : std::string{name},
                       O_RDONLY | O_DIRECTORY);
    }

    static Result<std::vector<std::string>> read_names(DIR& entries, const std::string& path)
    {
        std::vector<std::string> names;
        errno = 0;
        while (const dirent* entry = ::readdir(&entries)) {
            struct stat status{};
            if (::fstatat(::dirfd(&entries), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                S_ISREG(status.st_mode)) {
                names.emplace_back(entry->d_name);
            }
            errno = 0; // a file that went away meanwhile is no error
        }
        if (errno != 0) {
            return failure("list", path);
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    UniqueFd folder_;
    std::string path_;
    bool is_shared_;
};

/// Makes the name of the folder durable in the folder above.
Result<void> sync_parent(const std::filesystem::path& folder)
{
    const std::filesystem::path above = folder / "..";
    const UniqueFd descriptor{::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!descriptor.is_open()) {
        return failure("open", above.string());
    }
    if (::fsync(descriptor.get()) != 0) {
        return failure("fsync", above.string());
    }
    return {};
}

/// mkdir of the last step.
Result<void> create(const std::filesystem::path& folder)
{
    if (::mkdir(folder.c_str(), folder_mode) == 0) {
        return sync_parent(folder);
    }
    if (errno != EEXIST) {
        return failure("mkdir", folder.string());
    }
    // Whoever made it may have died before its name was durable; where the folder above is not ours
    // to open, somebody else made it.
    static_cast<void>(sync_parent(folder));
    return {};
}

} // namespace

Result<std::unique_ptr<FileSystem>> open_folder(const std::filesystem::path& folder,
                                                Missing missing)
{
    if (missing == Missing::is_created) {
        if (auto created = create(folder); !created) {
            return base::fail(std::move(created.error()));
        }
    }
    UniqueFd descriptor{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!descriptor.is_open()) {
        return failure("open", folder.string());
    }
    return std::make_unique<RealFileSystem>(std::move(descriptor), folder.string());
}

} // namespace watchpost::os
