#include "app/collect/token_file.h"

#include <filesystem>

#include "base/bytes.h"
#include "os/file_system.h"
#include "os/replace_file.h"

namespace watchpost::app {

using base::Result;

Result<void> write_token_file(const std::string& file, const std::string& token)
{
    const std::filesystem::path path{file};
    const auto folder =
        os::open_folder(path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."});
    if (!folder) {
        return base::fail(folder.error());
    }
    auto written =
        os::replace_file(**folder, path.filename(), base::as_bytes(std::string{token + "\n"}));
    return written ? std::move(written)
                   : base::fail(std::move(written).error().during("write " + file));
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
