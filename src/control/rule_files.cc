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
    const std::set<std::string> present{names->begin(), names->end()};
    std::set<std::string> listed;
    std::vector<pipeline::RuleFile> files;
    files.reserve(rows->size());
    for (const store::YaraFile& row : *rows) {
        const std::string name = row.id.to_string() + ".yar"; // a file never changes: a new one has
        if (!present.contains(name)) {                        // another id
            if (auto kept = os::replace_file(*folder_, name, base::as_bytes(row.source)); !kept) {
                return base::fail(std::move(kept.error()).during("write a YARA file"));
            }
        }
        files.push_back(
            {std::filesystem::path{folder_->describe()} / name, row.name, row.importance});
        listed.insert(name);
    }
    listed_ = std::move(listed);
    is_swept_ = false;
    return files;
}

Result<void> RuleFiles::sweep()
{
    const std::lock_guard guard{lock_};
    if (is_swept_) {
        return {};
    }
    const auto names = folder_->list("");
    if (!names) {
        return base::fail(names.error());
    }
    Result<void> all;
    for (const std::string& name : *names) {
        const bool is_ours = name.ends_with(".yar") || name.ends_with(".yar.new");
        if (!is_ours || listed_.contains(name)) {
            continue;
        }
        if (auto removed = folder_->remove(name); !removed && all) {
            all = base::fail(std::move(removed.error()).during("remove a YARA file"));
        }
    }
    is_swept_ = true; // what stayed is tried again with the next list
    return all;
}

} // namespace watchpost::control
