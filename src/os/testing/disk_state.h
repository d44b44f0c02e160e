// What PowerLossDisk knows: files with their unsynced writes, names with their unsynced changes.
#pragma once

#include <optional>

#include "os/testing/power_loss_disk.h"

namespace watchpost::os_testing {

/// One write or truncation that is in the cache only.
struct PendingWrite {
    std::uint64_t offset = 0;
    base::Bytes bytes;
    bool is_truncation = false; // to `offset`
};

struct Inode {
    base::Bytes cached;
    base::Bytes durable;
    std::vector<PendingWrite> pending;
    std::string name; // for messages: the last one
    std::set<std::uint64_t> unreadable;

    void write(std::uint64_t offset, base::ByteView bytes);
    void truncate(std::uint64_t size);
    void make_durable();
    void lose(const PowerLoss& loss);
};

using Names = std::map<std::string, std::shared_ptr<Inode>, std::less<>>;

struct PendingName {
    std::string folder;
    std::string remove; // empty: none
    std::string add;    // empty: none
    std::shared_ptr<Inode> inode;
};

struct PowerLossDisk::State {
    mutable std::mutex mutex;
    Names cached;
    Names durable;
    std::vector<PendingName> pending;
    std::set<std::string, std::less<>> folders{""};
    std::set<std::string, std::less<>> durable_folders{""};
    std::map<std::uint64_t, Fault> faults;
    std::set<std::string, std::less<>> locks;
    std::uint64_t operations = 0;
    std::uint64_t life = 0; // rises when a process or the machine dies: older handles are dead
    std::uint64_t free_bytes = std::uint64_t{1} << 40U;
    bool is_off = false;

    /// Counts an operation; the fault it meets, if any.
    [[nodiscard]] std::optional<Fault> begin_operation();
    void change_name(std::string folder, std::string remove, std::string add,
                     std::shared_ptr<Inode> inode);
    void sync_names(std::string_view folder);
    void lose_names(bool names_kept);
};

/// "a" of "a/b"; "" of "a".
[[nodiscard]] std::string folder_of(std::string_view name);

} // namespace watchpost::os_testing
