#include "control/rule_files.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "os/replace_file.h"

namespace watchpost::control {

using base::Result;

Result<std::unique_ptr<RuleFiles>> RuleFiles::open(const std::filesystem::path& path)
{
    auto folder = os::open_folder(path);
    if (!folder) {
        return base::fail(std::move(folder.error()).during("open the folder of YARA rules"));
    }
    return std::unique_ptr<RuleFiles>{new RuleFiles{*std::move(folder)}};
}

Result<std::vector<pipeline::RuleFile>> RuleFiles::follow(const store::Store& store)
{
    const std::lock_guard guard{lock_};
    const auto rows = store.yara_files();
    auto names = folder_->list("");
    if (!rows || !names) {
        return base::fail(rows ? names.error() : rows.error());
    }
    std::set<std::string> old{names->begin(), names->end()};
    std::vector<pipeline::RuleFile> files;
    for (const store::YaraFile& row : *rows) {
        const std::string name = row.id.to_string() + ".yar"; // a file never changes: a new one has
        if (old.erase(name) == 0) {                           // another id
            if (auto kept = os::replace_file(*folder_, name, base::as_bytes(row.source)); !kept) {
                return base::fail(std::move(kept.error()).during("write a YARA file"));
            }
        }
        files.push_back(
            {std::filesystem::path{folder_->describe()} / name, row.name, row.importance});
    }
    for (const std::string& name : old) {
        if (auto removed = folder_->remove(name); !removed) {
            return base::fail(std::move(removed.error()).during("remove a YARA file"));
        }
    }
    return files;
}

} // namespace watchpost::control
