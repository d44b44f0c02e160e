#include "app/collect/token_file.h"

#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "base/bytes.h"
#include "os/file_system.h"
#include "os/replace_file.h"

namespace watchpost::app {

using base::Result;

namespace {

Result<std::unique_ptr<os::FileSystem>> open_folder_of(const std::filesystem::path& path)
{
    return os::open_folder(path.has_parent_path() ? path.parent_path()
                                                  : std::filesystem::path{"."});
}

Result<void> named(Result<void> result, const std::string& file)
{
    return result ? std::move(result)
                  : base::fail(std::move(result).error().during("write " + file));
}

} // namespace

Result<void> write_token_file(const std::string& file, const std::string& token)
{
    const std::filesystem::path path{file};
    const auto folder = open_folder_of(path);
    if (!folder) {
        return base::fail(folder.error());
    }
    return named(
        os::replace_file(**folder, path.filename(), base::as_bytes(std::string{token + "\n"})),
        file);
}

Result<void> check_token_file(const std::string& file)
{
    const std::filesystem::path path{file};
    std::error_code ignored;
    if (!path.has_filename() || std::filesystem::is_directory(path, ignored)) {
        return base::fail(base::ErrorCode::invalid_argument, base::Retry::never,
                          file + " is a folder: name a file");
    }
    const auto folder = open_folder_of(path);
    if (!folder) {
        return base::fail(folder.error());
    }
    const auto trial = path.filename().string() + ".trial";
    auto replaced = os::replace_file(**folder, trial, {});
    return named(replaced ? (*folder)->remove(trial) : std::move(replaced), file);
}

std::optional<std::string> TokenFileKeeper::find(const std::string& digest)
{
    const auto found = kept_.find(digest);
    return found == kept_.end() ? std::nullopt : std::optional{found->second};
}

Result<void> TokenFileKeeper::keep(const std::string& digest, const std::string& token)
{
    auto written = write_token_file(file_, token);
    if (written) {
        kept_[digest] = token;
    }
    return written;
}

Result<void> TokenFileKeeper::hold(const std::string& /*holder*/, const std::string& /*digest*/)
{
    return {}; // the file is the user's own
}

} // namespace watchpost::app
