#include "node/state_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "diag/quote.h"
#include "os/unique_fd.h"

namespace watchpost::node {
namespace {

using base::Result;

constexpr mode_t mode_private = 0700;
constexpr mode_t mode_group = 0750;           // the group enters and reads
constexpr mode_t mode_group_inherits = 02750; // what is made inside belongs to the group too

base::Failure failed(const std::string& what, const std::filesystem::path& path, int error)
{
    auto failure = base::system_error(what + " " + diag::quote(path.native()), error);
    return base::fail(
        std::move(failure).during("prepare the state folder (--state chooses another)"));
}

/// `links`: O_NOFOLLOW below the root, where a process that was broken into might have put one.
Result<void> own(const std::filesystem::path& path, const os::User& user, mode_t mode, int links)
{
    if (::mkdir(path.c_str(), mode_private) != 0 && errno != EEXIST) {
        return failed("make", path, errno);
    }
    const os::UniqueFd folder{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | links)};
    struct stat status = {};
    if (!folder.is_open() || ::fstat(folder.get(), &status) != 0) {
        return failed("enter", path, errno);
    }
    const bool is_owned = status.st_uid == user.uid && status.st_gid == user.gid;
    if (!is_owned && ::fchown(folder.get(), user.uid, user.gid) != 0) {
        return failed("give to its user", path, errno);
    }
    if (((status.st_mode & 07777U) != mode || !is_owned) && ::fchmod(folder.get(), mode) != 0) {
        return failed("set the mode of", path, errno);
    }
    return {};
}

} // namespace

Result<void> prepare(const StateFolder& folder, const ServiceUsers& users)
{
    std::error_code error;
    std::filesystem::create_directories(folder.root().parent_path(), error);
    if (error) {
        return failed("make", folder.root().parent_path(), error.value());
    }
    const os::User supervisor{::geteuid(), users.control.gid};
    struct Line {
        std::filesystem::path path;
        os::User user;
        mode_t mode;
    };
    const Line lines[] = {{folder.root(), supervisor, mode_group},
                          {folder.stores(), users.control, mode_private},
                          {folder.tls(), users.control, mode_private},
                          {folder.run(), users.control, mode_group},
                          {folder.rules(), users.control, mode_group_inherits},
                          {folder.spool(), users.collector, mode_group_inherits},
                          {folder.content(), users.pipeline, mode_private},
                          {folder.keys(), supervisor, mode_group}};
    for (const Line& line : lines) {
        if (auto owned =
                own(line.path, line.user, line.mode, line.path == folder.root() ? 0 : O_NOFOLLOW);
            !owned) {
            return owned;
        }
    }
    return {};
}

} // namespace watchpost::node
