#include "os/testing/disk_state.h"

#include <algorithm>

namespace watchpost::os_testing {

namespace {

constexpr std::uint64_t sector_bytes = 16; // small, so that small tests tear inside a record

void put(base::Bytes& file, std::uint64_t offset, base::ByteView bytes)
{
    if (file.size() < offset + bytes.size()) {
        file.resize(offset + bytes.size());
    }
    std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(offset));
}

void replay(base::Bytes& file, const PendingWrite& change)
{
    if (change.is_truncation) {
        file.resize(change.offset);
    } else {
        put(file, change.offset, change.bytes);
    }
}

void replay_in_sectors(base::Bytes& file, const PendingWrite& change, std::uint64_t phase)
{
    if (change.is_truncation) {
        return;
    }
    for (std::uint64_t at = 0; at < change.bytes.size(); ++at) {
        const std::uint64_t sector = (change.offset + at + phase) / sector_bytes;
        if (sector % 2 == 0) {
            put(file, change.offset + at, base::ByteView{change.bytes}.subspan(at, 1));
        }
    }
}

} // namespace

std::string folder_of(std::string_view name)
{
    const std::size_t slash = name.rfind('/');
    return slash == std::string_view::npos ? std::string{} : std::string{name.substr(0, slash)};
}

void Inode::write(std::uint64_t offset, base::ByteView bytes)
{
    pending.push_back({offset, {bytes.begin(), bytes.end()}, false});
    replay(cached, pending.back());
}

void Inode::truncate(std::uint64_t size)
{
    pending.push_back({size, {}, true});
    replay(cached, pending.back());
}

void Inode::make_durable()
{
    for (const PendingWrite& change : pending) {
        replay(durable, change);
    }
    pending.clear();
}

void Inode::lose(const PowerLoss& loss)
{
    std::uint64_t left = loss.octets;
    for (PendingWrite& change : pending) {
        switch (loss.files) {
        case Torn::all_lost:
            break;
        case Torn::all_kept:
            replay(durable, change);
            break;
        case Torn::first_lost:
            if (&change != &pending.front()) {
                replay(durable, change);
            }
            break;
        case Torn::prefix:
            change.bytes.resize(std::min<std::uint64_t>(left, change.bytes.size()));
            left -= change.bytes.size();
            if (change.is_truncation || !change.bytes.empty()) {
                replay(durable, change);
            }
            break;
        case Torn::zero_filled:
            std::fill(change.bytes.begin(), change.bytes.end(), std::byte{0});
            replay(durable, change);
            break;
        case Torn::holes:
            replay_in_sectors(durable, change, loss.octets);
            break;
        }
    }
    pending.clear();
    cached = durable;
}

std::optional<Fault> PowerLossDisk::State::begin_operation()
{
    const auto fault = faults.find(operations++);
    if (fault != faults.end() && fault->second == Fault::power_off) {
        is_off = true;
    }
    if (is_off) {
        return Fault::power_off;
    }
    return fault == faults.end() ? std::nullopt : std::optional{fault->second};
}

void PowerLossDisk::State::change_name(std::string folder, std::string remove, std::string add,
                                       std::shared_ptr<Inode> inode)
{
    if (!remove.empty()) {
        cached.erase(remove);
    }
    if (!add.empty()) {
        cached[add] = inode;
    }
    pending.push_back({std::move(folder), std::move(remove), std::move(add), std::move(inode)});
}

void PowerLossDisk::State::sync_names(std::string_view folder)
{
    const auto apply_one = [&](const PendingName& change) {
        if (change.folder != folder) {
            return false;
        }
        if (!change.remove.empty()) {
            durable.erase(change.remove);
        }
        if (!change.add.empty()) {
            durable[change.add] = change.inode;
        }
        return true;
    };
    std::erase_if(pending, apply_one);
    for (const std::string& name : folders) {
        if (!name.empty() && folder_of(name) == folder) {
            durable_folders.insert(name);
        }
    }
}

void PowerLossDisk::State::lose_names(bool names_kept)
{
    if (names_kept) {
        const auto all = folders;
        for (const std::string& folder : all) {
            sync_names(folder);
        }
    }
    pending.clear();
    folders = durable_folders;
    std::erase_if(durable,
                  [&](const auto& entry) { return !folders.contains(folder_of(entry.first)); });
    cached = durable;
}

} // namespace watchpost::os_testing
