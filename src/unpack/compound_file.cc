#include "unpack/compound_file.h"

#include <algorithm>

#include "unpack/little_endian.h"
#include "unpack/names.h"

namespace watchpost::unpack {
namespace {

constexpr std::uint32_t last_regular_sector = 0xFFFFFFFA; // above it: free, end of chain, tables
constexpr std::uint32_t end_of_chain = 0xFFFFFFFE;
constexpr std::uint32_t no_entry = 0xFFFFFFFF;
constexpr std::size_t entry_bytes = 128;
constexpr std::size_t mini_sector_bytes = 64;
constexpr std::size_t header_bytes = 512;

std::string entry_name(base::ByteView entry)
{
    constexpr std::size_t units_max = 32;
    const std::size_t units = std::min<std::size_t>(u16_at(entry, 64) / 2, units_max);
    std::u16string name;
    for (std::size_t i = 0; i + 1 < units; ++i) { // the last one is a NUL
        name.push_back(u16_at(entry, 2 * i));
    }
    return name_from_utf16(name);
}

} // namespace

struct CompoundFile::Entry {
    enum class Kind : std::uint8_t { unused = 0, storage = 1, stream = 2, root = 5 };

    base::ByteView bytes;

    [[nodiscard]] std::string name() const { return entry_name(bytes); }
    [[nodiscard]] Kind kind() const { return static_cast<Kind>(u8_at(bytes, 66)); }
    [[nodiscard]] std::uint32_t left() const { return u32_at(bytes, 68); }
    [[nodiscard]] std::uint32_t right() const { return u32_at(bytes, 72); }
    [[nodiscard]] std::uint32_t child() const { return u32_at(bytes, 76); }
    [[nodiscard]] std::uint32_t first_sector() const { return u32_at(bytes, 116); }
    // The upper half is only defined for files with sectors of 4,096 octets and may hold anything
    // in others; no file in a message is that long.
    [[nodiscard]] std::uint32_t size() const { return u32_at(bytes, 120); }
};

std::optional<CompoundFile> CompoundFile::open(base::ByteView bytes)
{
    const auto sector_shift = u16_at(bytes, 30);
    if (bytes.size() < header_bytes || (sector_shift != 9 && sector_shift != 12)) {
        return std::nullopt;
    }
    return CompoundFile{bytes};
}

CompoundFile::CompoundFile(base::ByteView bytes)
    : bytes_{bytes}
    , sector_bytes_{std::size_t{1} << u16_at(bytes, 30)}
    , sector_count_{bytes.size() / sector_bytes_} // the header takes the place of one; the last
                                                  // may be short
    , mini_limit_{u32_at(bytes, 56)}
{
    read_fat_sectors();
    directory_ = chain(u32_at(bytes_, 48));
    mini_fat_sectors_ = chain(u32_at(bytes_, 60));
    if (const auto root = entry(0)) {
        mini_stream_ = chain(root->first_sector());
    } else {
        is_damaged_ = true;
    }
    seen_.resize(entry_count());
    storage_of_.resize(entry_count());
}

/// [MS-CFB] 2.5: 109 numbers in the header, the rest in a chain of sectors whose last number leads
/// to the next.
void CompoundFile::read_fat_sectors()
{
    constexpr std::size_t in_header = 109;
    const auto add = [this](std::uint32_t number) {
        if (number <= last_regular_sector && fat_sectors_.size() < sector_count_) {
            fat_sectors_.push_back(number);
        }
    };
    for (std::size_t i = 0; i < in_header; ++i) {
        add(u32_at(bytes_, 76 + 4 * i));
    }
    auto number = u32_at(bytes_, 68);
    for (std::size_t steps = 0; number <= last_regular_sector; ++steps) {
        const auto table = sector(number);
        if (steps > sector_count_ || table.size() < sector_bytes_) {
            is_damaged_ = true;
            return;
        }
        for (std::size_t at = 0; at + 4 < sector_bytes_; at += 4) {
            add(u32_at(table, at));
        }
        number = u32_at(table, sector_bytes_ - 4);
    }
}

base::ByteView CompoundFile::sector(std::uint32_t number) const
{
    return base::slice(bytes_, (std::size_t{number} + 1) * sector_bytes_, sector_bytes_);
}

std::uint32_t CompoundFile::next_in(const std::vector<std::uint32_t>& tables,
                                    std::uint32_t number) const
{
    const std::size_t numbers_a_sector = sector_bytes_ / 4;
    const std::size_t table = number / numbers_a_sector;
    if (table >= tables.size()) {
        return no_entry;
    }
    const auto numbers = sector(tables[table]);
    const std::size_t at = 4 * (number % numbers_a_sector);
    return at + 4 <= numbers.size() ? u32_at(numbers, at) : no_entry;
}

base::ByteView CompoundFile::mini_sector(std::uint32_t number) const
{
    const std::size_t at = std::size_t{number} * mini_sector_bytes;
    const std::size_t index = at / sector_bytes_;
    if (index >= mini_stream_.size()) {
        return {};
    }
    return base::slice(sector(mini_stream_[index]), at % sector_bytes_, mini_sector_bytes);
}

std::vector<std::uint32_t> CompoundFile::chain(std::uint32_t first)
{
    std::vector<std::uint32_t> numbers;
    auto number = first;
    while (number <= last_regular_sector && numbers.size() < sector_count_) {
        numbers.push_back(number);
        number = next_in(fat_sectors_, number);
    }
    const bool is_absent = numbers.empty() && number == no_entry;
    is_damaged_ = is_damaged_ || (number != end_of_chain && !is_absent);
    return numbers;
}

std::size_t CompoundFile::entry_count() const noexcept
{
    return directory_.size() * (sector_bytes_ / entry_bytes);
}

std::optional<CompoundFile::Entry> CompoundFile::entry(std::uint32_t id) const
{
    if (id >= entry_count()) {
        return std::nullopt;
    }
    const std::size_t a_sector = sector_bytes_ / entry_bytes;
    const auto bytes =
        base::slice(sector(directory_[id / a_sector]), entry_bytes * (id % a_sector), entry_bytes);
    return bytes.size() == entry_bytes ? std::optional{Entry{bytes}} : std::nullopt;
}

/// Only made for streams that are given out: paths kept for every entry would be a bomb.
std::string CompoundFile::path_of(const Entry& stream, std::uint32_t storage) const
{
    auto path = stream.name();
    for (std::size_t depth = 0; storage != 0 && depth < path_depth_max; ++depth) {
        const auto folder = entry(storage);
        path.insert(0, (folder ? folder->name() : std::string{}) + "/");
        storage = storage_of_[storage];
    }
    return path;
}

/// The entries of a storage form a binary tree; whoever wrote it may have made a ring or a list of
/// it.
void CompoundFile::visit(const Visit& place, std::vector<Visit>& open,
                         std::vector<OleStream>& found)
{
    const auto here = entry(place.id);
    if (!here || seen_[place.id]) {
        is_damaged_ = true;
        return;
    }
    seen_[place.id] = true;
    const auto push = [&open](std::uint32_t id, std::uint32_t storage, std::size_t depth) {
        if (id != no_entry) {
            open.push_back({id, storage, depth});
        }
    };
    push(here->right(), place.storage, place.depth);
    push(here->left(), place.storage, place.depth);
    if (here->kind() == Entry::Kind::stream) {
        found.push_back({path_of(*here, place.storage), here->first_sector(), here->size()});
    } else if (here->kind() != Entry::Kind::storage) {
        is_damaged_ = true;
    } else if (place.depth < path_depth_max) {
        storage_of_[place.id] = place.storage;
        push(here->child(), place.id, place.depth + 1);
    } else {
        is_cut_ = true;
    }
}

/// Streams that the tree does not lead to: of a damaged directory, or put aside on purpose.
void CompoundFile::add_unlinked(std::size_t streams_max, std::vector<OleStream>& found)
{
    for (std::uint32_t id = 1; id < seen_.size() && found.size() < streams_max; ++id) {
        const auto here = seen_[id] ? std::nullopt : entry(id);
        if (here && here->kind() == Entry::Kind::stream) {
            found.push_back({here->name(), here->first_sector(), here->size()});
        }
    }
}

std::vector<OleStream> CompoundFile::streams(std::size_t streams_max)
{
    std::vector<OleStream> found;
    std::vector<Visit> open;
    if (const auto root = entry(0)) {
        seen_[0] = true;
        if (root->child() != no_entry) {
            open.push_back({root->child(), 0, 1});
        }
    }
    while (!open.empty() && found.size() < streams_max) {
        const auto place = open.back();
        open.pop_back();
        visit(place, open, found);
    }
    is_cut_ = is_cut_ || !open.empty();
    add_unlinked(streams_max, found);
    return found;
}

bool CompoundFile::read(const OleStream& stream,
                        const std::function<bool(base::ByteView)>& take) const
{
    const bool is_mini = stream.bytes < mini_limit_;
    const std::size_t steps_max =
        is_mini ? mini_stream_.size() * (sector_bytes_ / mini_sector_bytes) : sector_count_;
    auto left = stream.bytes;
    auto number = stream.first_sector;
    for (std::size_t steps = 0; left > 0 && steps < steps_max; ++steps) {
        const auto all = is_mini ? mini_sector(number) : sector(number);
        const auto piece = all.first(std::min<std::uint64_t>(all.size(), left));
        if (piece.empty()) {
            return false;
        }
        if (!take(piece)) {
            return true;
        }
        left -= piece.size();
        number = next_in(is_mini ? mini_fat_sectors_ : fat_sectors_, number);
    }
    return left == 0;
}

} // namespace watchpost::unpack
