#include "os/testing/power_loss_disk.h"

#include <algorithm>
#include <cerrno>

#include "base/assert.h"
#include "os/testing/disk_state.h"

namespace watchpost::os_testing {

using base::ErrorCode;
using base::Result;
using base::Retry;
using os::File;
using os::FileSystem;
using os::Lock;
using os::OpenMode;

namespace {

using State = PowerLossDisk::State;
using Guard = std::lock_guard<std::mutex>;

base::Failure failure(std::string_view call, std::string_view name, int code)
{
    return base::fail(base::system_error(std::string{call} + " " + std::string{name}, code));
}

bool is_sync_only(Fault fault) noexcept
{
    return fault == Fault::sync_error || fault == Fault::sync_error_kept;
}

/// For an operation that works wholly or not at all. `life` is that of the handle: one from before
/// a death does nothing any more.
Result<void> count_operation(State& state, std::uint64_t life, std::string_view call,
                             std::string_view name)
{
    if (life != state.life) {
        return failure(call, name, EIO);
    }
    const auto fault = state.begin_operation();
    if (!fault || is_sync_only(*fault)) {
        return {};
    }
    return failure(call, name, *fault == Fault::disk_full ? ENOSPC : EIO);
}

class DiskFile final : public File {
public:
    DiskFile(std::shared_ptr<State> state, std::shared_ptr<Inode> inode, bool is_writable)
        : state_{std::move(state)}
        , inode_{std::move(inode)}
        , life_{state_->life}
        , is_writable_{is_writable}
    {
    }

    Result<std::size_t> read_at(std::span<std::byte> into, std::uint64_t offset) const override
    {
        const Guard guard{state_->mutex};
        if (state_->is_off) {
            return failure("read", inode_->name, EIO);
        }
        const auto bad = inode_->unreadable.lower_bound(offset);
        if (bad != inode_->unreadable.end() && *bad - offset < into.size()) {
            return failure("read", inode_->name, EIO);
        }
        const base::ByteView found = base::slice(inode_->cached, offset, into.size());
        std::copy(found.begin(), found.end(), into.begin());
        return found.size();
    }

    using File::write_at;
    Result<void> write_at(std::span<const base::ByteView> pieces, std::uint64_t offset) override
    {
        const Guard guard{state_->mutex};
        if (life_ != state_->life) {
            return failure("write", inode_->name, EIO);
        }
        if (!is_writable_) {
            return failure("write", inode_->name, EBADF);
        }
        base::Bytes all;
        for (const base::ByteView piece : pieces) {
            all.insert(all.end(), piece.begin(), piece.end());
        }
        if (all.empty()) {
            return {};
        }
        const bool was_off = state_->is_off;
        const auto fault = state_->begin_operation();
        if (!fault || is_sync_only(*fault)) {
            inode_->write(offset, all);
            return {};
        }
        // A write that fails may have done any part of its work.
        if (!was_off) {
            const auto part = *fault == Fault::power_off ? all.size() : all.size() / 2;
            inode_->write(offset, base::ByteView{all}.first(part));
        }
        return failure("write", inode_->name, *fault == Fault::disk_full ? ENOSPC : EIO);
    }

    Result<void> sync_data() override
    {
        const Guard guard{state_->mutex};
        if (life_ != state_->life) {
            return failure("fdatasync", inode_->name, EIO);
        }
        const auto fault = state_->begin_operation();
        if (!fault) {
            inode_->make_durable();
            return {};
        }
        if (*fault == Fault::sync_error_kept) {
            inode_->make_durable();
        } else if (*fault != Fault::power_off) {
            inode_->pending.clear(); // clean in the cache, not on the platter
        }
        return failure("fdatasync", inode_->name, *fault == Fault::disk_full ? ENOSPC : EIO);
    }

    Result<void> truncate(std::uint64_t size) override
    {
        const Guard guard{state_->mutex};
        if (life_ != state_->life) {
            return failure("truncate", inode_->name, EIO);
        }
        if (auto counted = count_operation(*state_, life_, "truncate", inode_->name); !counted) {
            return counted;
        }
        inode_->truncate(size);
        return {};
    }

    Result<std::uint64_t> size() const override
    {
        const Guard guard{state_->mutex};
        return std::uint64_t{inode_->cached.size()};
    }

private:
    std::shared_ptr<State> state_;
    std::shared_ptr<Inode> inode_;
    std::uint64_t life_;
    bool is_writable_;
};

class DiskLock final : public Lock {
public:
    DiskLock(std::shared_ptr<State> state, std::string name)
        : state_{std::move(state)}
        , name_{std::move(name)}
        , life_{state_->life}
    {
    }
    DiskLock(const DiskLock&) = delete;
    DiskLock& operator=(const DiskLock&) = delete;
    ~DiskLock() override
    {
        const Guard guard{state_->mutex};
        if (life_ == state_->life) {
            state_->locks.erase(name_);
        }
    }

private:
    std::shared_ptr<State> state_;
    std::string name_;
    std::uint64_t life_;
};

class DiskFileSystem final : public FileSystem {
public:
    explicit DiskFileSystem(std::shared_ptr<State> state)
        : state_{std::move(state)}
        , life_{state_->life}
    {
    }

    Result<std::unique_ptr<File>> open(std::string_view name, OpenMode mode) override
    {
        const Guard guard{state_->mutex};
        const auto found = state_->cached.find(name);
        if (mode != OpenMode::create_new) {
            if (found == state_->cached.end()) {
                return failure("open", name, ENOENT);
            }
            return std::make_unique<DiskFile>(state_, found->second, mode != OpenMode::read);
        }
        if (found != state_->cached.end()) {
            return base::fail(ErrorCode::invalid_argument, Retry::never,
                              std::string{name} + " exists already");
        }
        if (!state_->folders.contains(folder_of(name))) {
            return failure("open", name, ENOENT);
        }
        if (auto counted = count_operation(*state_, life_, "open", name); !counted) {
            return base::fail(std::move(counted.error()));
        }
        auto inode = std::make_shared<Inode>();
        inode->name = name;
        state_->change_name(folder_of(name), {}, std::string{name}, inode);
        return std::make_unique<DiskFile>(state_, std::move(inode), true);
    }

    Result<void> make_folder(std::string_view name) override
    {
        const Guard guard{state_->mutex};
        if (auto counted = count_operation(*state_, life_, "mkdir", name); !counted) {
            return counted;
        }
        state_->folders.insert(std::string{name});
        return {};
    }

    Result<void> sync_folder(std::string_view name) override
    {
        const Guard guard{state_->mutex};
        if (!state_->folders.contains(name)) {
            return failure("fsync", name, ENOENT);
        }
        if (life_ != state_->life || state_->begin_operation()) {
            return failure("fsync", name, EIO);
        }
        state_->sync_names(name);
        return {};
    }

    Result<void> rename(std::string_view from, std::string_view to) override
    {
        const Guard guard{state_->mutex};
        const auto found = state_->cached.find(from);
        if (found == state_->cached.end()) {
            return failure("rename", from, ENOENT);
        }
        WP_ASSERT(folder_of(from) == folder_of(to));
        if (auto counted = count_operation(*state_, life_, "rename", from); !counted) {
            return counted;
        }
        found->second->name = to;
        state_->change_name(folder_of(from), std::string{from}, std::string{to}, found->second);
        return {};
    }

    Result<void> remove(std::string_view name) override
    {
        const Guard guard{state_->mutex};
        if (!state_->cached.contains(name)) {
            return failure("unlink", name, ENOENT);
        }
        if (auto counted = count_operation(*state_, life_, "unlink", name); !counted) {
            return counted;
        }
        state_->change_name(folder_of(name), std::string{name}, {}, nullptr);
        return {};
    }

    Result<std::vector<std::string>> list(std::string_view folder) override
    {
        const Guard guard{state_->mutex};
        if (!state_->folders.contains(folder)) {
            return failure("list", folder, ENOENT);
        }
        std::vector<std::string> names;
        for (const auto& [name, inode] : state_->cached) {
            if (folder_of(name) == folder) {
                names.push_back(folder.empty() ? name : name.substr(folder.size() + 1));
            }
        }
        return names;
    }

    Result<std::uint64_t> octets_in(std::string_view folder) override
    {
        const Guard guard{state_->mutex};
        if (!state_->folders.contains(folder)) {
            return failure("list", folder, ENOENT);
        }
        std::uint64_t octets = 0;
        for (const auto& [name, inode] : state_->cached) {
            octets += folder_of(name) == folder ? inode->cached.size() : 0;
        }
        return octets;
    }

    Result<std::uint64_t> free_bytes() override
    {
        const Guard guard{state_->mutex};
        return state_->free_bytes;
    }

    Result<std::unique_ptr<Lock>> lock(std::string_view name) override
    {
        const Guard guard{state_->mutex};
        if (!state_->locks.insert(std::string{name}).second) {
            return base::fail(ErrorCode::busy, Retry::later, "the disk is in use by process 1");
        }
        return std::make_unique<DiskLock>(state_, std::string{name});
    }

    std::string describe() const override { return "disk"; }

private:
    std::shared_ptr<State> state_;
    std::uint64_t life_;
};

} // namespace

PowerLossDisk::PowerLossDisk() : state_{std::make_shared<State>()} {}

PowerLossDisk::~PowerLossDisk() = default;

std::unique_ptr<FileSystem> PowerLossDisk::mount()
{
    return std::make_unique<DiskFileSystem>(state_);
}

void PowerLossDisk::inject(std::uint64_t operation, Fault fault)
{
    const Guard guard{state_->mutex};
    state_->faults[operation] = fault;
}

void PowerLossDisk::set_free_bytes(std::uint64_t octets)
{
    const Guard guard{state_->mutex};
    state_->free_bytes = octets;
}

void PowerLossDisk::set_unreadable(const std::string& name, std::uint64_t offset)
{
    const Guard guard{state_->mutex};
    state_->cached.at(name)->unreadable.insert(offset);
}

std::uint64_t PowerLossDisk::operations() const
{
    const Guard guard{state_->mutex};
    return state_->operations;
}

void PowerLossDisk::process_death()
{
    const Guard guard{state_->mutex};
    ++state_->life;
    state_->locks.clear();
}

void PowerLossDisk::power_on()
{
    const Guard guard{state_->mutex};
    state_->is_off = false;
    state_->faults.clear();
}

void PowerLossDisk::power_loss(const PowerLoss& loss)
{
    process_death();
    const Guard guard{state_->mutex};
    std::set<Inode*> inodes;
    for (const auto& [name, inode] : state_->cached) {
        inodes.insert(inode.get());
    }
    for (const auto& [name, inode] : state_->durable) {
        inodes.insert(inode.get());
    }
    for (Inode* inode : inodes) {
        inode->lose(loss);
    }
    state_->lose_names(loss.names_kept);
    state_->faults.clear();
    state_->is_off = false;
}

base::Bytes PowerLossDisk::content(const std::string& name) const
{
    const Guard guard{state_->mutex};
    const auto found = state_->cached.find(name);
    return found == state_->cached.end() ? base::Bytes{} : found->second->cached;
}

void PowerLossDisk::set_content(const std::string& name, base::Bytes content)
{
    const Guard guard{state_->mutex};
    auto inode = std::make_shared<Inode>();
    inode->name = name;
    inode->cached = content;
    inode->durable = std::move(content);
    state_->cached[name] = inode;
    state_->durable[name] = inode;
    state_->folders.insert(folder_of(name));
    state_->durable_folders.insert(folder_of(name));
}

std::vector<std::string> PowerLossDisk::names() const
{
    const Guard guard{state_->mutex};
    std::vector<std::string> names;
    for (const auto& [name, inode] : state_->cached) {
        names.push_back(name);
    }
    return names;
}

} // namespace watchpost::os_testing
