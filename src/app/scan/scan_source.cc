#include "app/scan/scan_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "diag/quote.h"
#include "os/unique_fd.h"

namespace watchpost::app {
namespace {

namespace fs = std::filesystem;

ScanItem failed(std::string name, std::string_view what, int number)
{
    auto error = base::system_error(std::string{what} + ' ' + diag::quote(name), number);
    return {std::move(name), base::fail(std::move(error)), {}};
}

ScanItem from_fd(std::string name, os::UniqueFd fd)
{
    return {std::move(name), pipeline::MessageInput::from_foreign(std::move(fd)), {}};
}

/// Inside a folder a name may change under our eyes: no link is followed, no pipe waited for.
bool take_file_of_folder(const fs::path& path, const TakeItem& take)
{
    os::UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    struct stat status{};
    if (!fd.is_open() || ::fstat(fd.get(), &status) != 0) {
        return take(failed(path.native(), "open", errno));
    }
    return !S_ISREG(status.st_mode) || take(from_fd(path.native(), std::move(fd)));
}

bool walk_folder(const fs::path& folder, const TakeItem& take)
{
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator entry{folder, error}; !error && entry != fs::directory_iterator{};
         entry.increment(error)) {
        entries.push_back(*entry);
    }
    if (error && !take(failed(folder.native(), "read the folder", error.value()))) {
        return false;
    }
    std::ranges::sort(entries, {}, [](const auto& entry) { return entry.path(); });
    for (const auto& entry : entries) {
        std::error_code ignored; // what cannot be looked at is opened below, which tells why
        const auto type = entry.symlink_status(ignored).type();
        const bool is_folder = type == fs::file_type::directory;
        const bool is_file = type == fs::file_type::regular || type == fs::file_type::none;
        if ((is_folder && !walk_folder(entry.path(), take)) ||
            (is_file && !take_file_of_folder(entry.path(), take))) {
            return false;
        }
    }
    return true;
}

bool take_standard_input(const TakeItem& take)
{
    os::UniqueFd copy{::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)};
    return take(copy.is_open() ? from_fd("-", std::move(copy))
                               : failed("-", "read standard input", errno));
}

bool take_path(const std::string& path, const TakeItem& take)
{
    os::UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat status{};
    if (!fd.is_open() || ::fstat(fd.get(), &status) != 0) {
        return take(failed(path, "open", errno));
    }
    return S_ISDIR(status.st_mode) ? walk_folder(path, take) : take(from_fd(path, std::move(fd)));
}

} // namespace

void for_each_message(const std::vector<std::string>& paths, const TakeItem& take)
{
    for (const auto& path : paths) {
        if (!(path == "-" ? take_standard_input(take) : take_path(path, take))) {
            return;
        }
    }
}

} // namespace watchpost::app
