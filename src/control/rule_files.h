// The store's YARA files as files that inspectors can read: rules/<id>.yar.
//
// The store is the truth; the folder follows it, and what is in no row is removed. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
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

    /// Writes what is new, durably, and removes what is gone; all files, in the order of the store.
    [[nodiscard]] base::Result<std::vector<pipeline::RuleFile>> follow(const store::Store& store);

private:
    explicit RuleFiles(std::unique_ptr<os::FileSystem> folder) : folder_{std::move(folder)} {}

    std::mutex lock_;
    std::unique_ptr<os::FileSystem> folder_;
};

} // namespace watchpost::control
