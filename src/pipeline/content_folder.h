// Kept content: one file a message, `ab/<message id>.eml`, where `ab` are the last two characters
// of the id.
//
// A file has its name only once all of it survives a power loss. Confined to one thread, except
// open_kept().
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "base/error.h"
#include "os/file_system.h"
#include "os/unique_fd.h"
#include "spool/byte_sink.h"
#include "spool/intake.h"

namespace watchpost::pipeline {

/// Hands a message over in pieces.
using ContentSource = std::function<base::Result<void>(const spool::ByteSink&)>;

/// A new file with what the source gives, its data durable; one of that name goes first.
[[nodiscard]] base::Result<void> write_durably(os::FileSystem& folder, const std::string& name,
                                               const ContentSource& source);

class ContentFolder {
public:
    /// Makes the folder where it is not there.
    [[nodiscard]] static base::Result<std::unique_ptr<ContentFolder>>
    open(const std::filesystem::path& folder);
    explicit ContentFolder(std::unique_ptr<os::FileSystem> folder) : folder_{std::move(folder)} {}

    /// Durable on return; replaces what was kept of it. On error (disk_full) nothing is left.
    [[nodiscard]] base::Result<void> keep(const spool::SpoolId& id, const ContentSource& source);

    /// What is not there is no error.
    [[nodiscard]] base::Result<void> remove(const spool::SpoolId& id);

private:
    [[nodiscard]] base::Result<void> make_shard(const std::string& shard);

    std::unique_ptr<os::FileSystem> folder_;
    std::set<std::string> shards_; // whose names are durable
};

/// A descriptor for reading only. not_found where nothing is kept of it. Thread-safe.
[[nodiscard]] base::Result<os::UniqueFd> open_kept(const std::filesystem::path& folder,
                                                   const spool::SpoolId& id);

} // namespace watchpost::pipeline
