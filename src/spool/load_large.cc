#include "spool/load_parts.h"

#include <algorithm>
#include <set>

#include "spool/content.h"

namespace watchpost::spool {

using base::ErrorCode;
using base::Result;

namespace {

std::string with_folder(std::string_view folder, const std::string& file)
{
    return std::string{folder} + "/" + file;
}

/// Could a record that names a large file be in what cannot be read?
bool may_miss_records(const Loaded& loaded)
{
    return std::any_of(loaded.damage.begin(), loaded.damage.end(),
                       [](const DamagedRange& range) { return range.file != identity_name; });
}

/// What is there and should not be: unfinished files go, a whole one whose record cannot be read
/// stays.
void sort_strays(const std::vector<std::string>& files, Loaded& loaded)
{
    const bool is_kept = may_miss_records(loaded);
    for (const std::string& file : files) {
        const auto id = parse_large_file(file);
        const Item* const item = id ? loaded.catalog.find(*id) : nullptr;
        if (item != nullptr && item->place.where == Where::large_file) {
            continue;
        }
        if (id && item == nullptr && is_kept) {
            loaded.add_damage(with_folder(large_folder, file), 0, 0,
                              "belongs to no record that can be read; the file is kept");
        } else if (id || file.ends_with(part_suffix)) {
            loaded.leftovers.push_back(with_folder(large_folder, file));
        }
    }
}

void find_missing(const std::vector<std::string>& files, Loaded& loaded)
{
    const std::set<std::string> present{files.begin(), files.end()};
    std::vector<SpoolId> missing;
    for (const auto& [id, item] : loaded.catalog.items()) {
        const std::string name = large_name(id);
        if (item.place.where == Where::large_file &&
            !present.contains(name.substr(large_folder.size() + 1))) {
            missing.push_back(id);
        }
    }
    std::sort(missing.begin(), missing.end());
    for (const SpoolId& id : missing) {
        if (loaded.catalog.find(id)->is_settled) {
            loaded.catalog.forget_place(id); // it was about to be removed
        } else {
            loaded.catalog.mark_damaged(id);
            loaded.add_damage(large_name(id), 0, 0, "is missing");
        }
    }
}

Result<void> verify_content(os::FileSystem& folder, Loaded& loaded)
{
    std::vector<SpoolId> damaged;
    const auto visit = [&](const SpoolId& id, const Receipt& receipt, const Item& item) {
        if (item.place.where != Where::large_file || item.is_damaged) {
            return;
        }
        const auto read =
            read_large(folder, id, receipt, [](base::ByteView) { return base::Result<void>{}; });
        if (!read) {
            damaged.push_back(id);
            loaded.add_damage(large_name(id), 0, receipt.octets, read.error().describe());
        }
    };
    if (auto visited = for_each_item(folder, loaded, no_offset, visit); !visited) {
        return visited;
    }
    for (const SpoolId& id : damaged) {
        loaded.catalog.mark_damaged(id);
    }
    return {};
}

} // namespace

Result<void> load_large_files(os::FileSystem& folder, Verify verify, Loaded& loaded)
{
    auto files = folder.list(large_folder);
    if (!files) {
        if (files.error().code() != ErrorCode::not_found) {
            return base::fail(std::move(files.error()));
        }
        files = std::vector<std::string>{};
    }
    find_missing(*files, loaded);
    sort_strays(*files, loaded);
    return verify == Verify::content ? verify_content(folder, loaded) : Result<void>{};
}

} // namespace watchpost::spool
