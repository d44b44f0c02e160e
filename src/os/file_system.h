// A folder and what lies below it: the only way in which the spool touches the disk.
//
// Names are relative to the folder, "segments/0001.seg", and are never followed through symbolic
// links at their last step. New files have mode 0600, new folders 0700; in a folder
// that shares with its group (set-group-ID, and the group may read) 0640 and 0750. A created,
// renamed or removed name survives a power loss only after sync_folder() of the folder that holds
// it. Thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "os/file.h"

namespace watchpost::os {

enum class OpenMode : std::uint8_t {
    read,
    read_write, // an existing file
    create_new  // read and write; an existing one is an error (invalid_argument)
};

/// Holds a lock for as long as it lives; the kernel lets go of it when the process ends.
class Lock {
public:
    virtual ~Lock() = default;
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

protected:
    Lock() = default;
};

class FileSystem {
public:
    virtual ~FileSystem() = default;
    FileSystem(const FileSystem&) = delete;
    FileSystem& operator=(const FileSystem&) = delete;

    [[nodiscard]] virtual base::Result<std::unique_ptr<File>> open(std::string_view name,
                                                                   OpenMode mode) = 0;

    /// One level; no error where it is there already.
    [[nodiscard]] virtual base::Result<void> make_folder(std::string_view name) = 0;

    /// Makes creations, renames and removals in that folder durable; "" is the folder itself.
    [[nodiscard]] virtual base::Result<void> sync_folder(std::string_view name) = 0;

    /// Replaces `to` in one step. Both lie in the same folder.
    [[nodiscard]] virtual base::Result<void> rename(std::string_view from, std::string_view to) = 0;

    /// A file that is not there is an error (not_found).
    [[nodiscard]] virtual base::Result<void> remove(std::string_view name) = 0;

    /// Names of the regular files in that folder, sorted; "" is the folder itself.
    [[nodiscard]] virtual base::Result<std::vector<std::string>> list(std::string_view folder) = 0;

    /// Of the regular files in that folder together; a file that goes meanwhile is no error.
    [[nodiscard]] virtual base::Result<std::uint64_t> octets_in(std::string_view folder) = 0;

    /// What an ordinary user may still write.
    [[nodiscard]] virtual base::Result<std::uint64_t> free_bytes() = 0;

    /// Takes an exclusive lock on a file that holds our process id, without waiting. Where somebody
    /// has it: ErrorCode::busy, Retry::later, and the message names the process.
    [[nodiscard]] virtual base::Result<std::unique_ptr<Lock>> lock(std::string_view name) = 0;

    /// The folder, for messages.
    [[nodiscard]] virtual std::string describe() const = 0;

protected:
    FileSystem() = default;
};

enum class Missing : std::uint8_t { is_error, is_created };

/// The real thing. With is_created the folder (its last step only) is made with mode 0700 and its
/// name is durable.
[[nodiscard]] base::Result<std::unique_ptr<FileSystem>>
open_folder(const std::filesystem::path& folder, Missing missing = Missing::is_error);

} // namespace watchpost::os
