// The store's YARA files as files that inspectors can read: rules/<id>.yar.
//
// The store is the truth and the folder follows it: what is in a row is written before it is told,
// and what is in none is removed once the pipeline has let go of it, since it opens files again
// whenever it starts an inspector. A crash in between leaves files that the next sweep removes.
// Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/file_system.h"
#include "pipeline/service_messages.h"
#include "store/store.h"

namespace watchpost::control {

class RuleFiles {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<RuleFiles>>
    open(const std::filesystem::path& folder);

    /// Writes what is new, durably, and removes nothing; all files, in the order of the store.
    [[nodiscard]] base::Result<std::vector<pipeline::RuleFile>> follow(const store::Store& store);

    /// Removes whatever the last follow() did not list; nothing before the first one.
    [[nodiscard]] base::Result<void> sweep();

private:
    explicit RuleFiles(std::unique_ptr<os::FileSystem> folder) : folder_{std::move(folder)} {}

    std::mutex lock_;
    std::unique_ptr<os::FileSystem> folder_;
    std::set<std::string> listed_;
    bool is_swept_ = true;
};

} // namespace watchpost::control
