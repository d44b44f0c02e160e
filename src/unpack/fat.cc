#include "unpack/fat.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "unpack/little_endian.h"
#include "unpack/names.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;
using namespace std::string_view_literals;

constexpr std::size_t entry_bytes = 32;
constexpr unsigned attribute_label = 0x08;
constexpr unsigned attribute_folder = 0x10;
constexpr unsigned attribute_long_name = 0x0F;

/// The parameters of the boot sector, in octets and clusters.
struct Volume {
    std::size_t cluster_bytes = 0;
    std::size_t table = 0; // offset
    std::size_t root = 0;  // offset of the root folder of FAT12 and FAT16
    std::size_t root_bytes = 0;
    std::size_t data = 0; // offset of cluster 2
    std::uint32_t clusters = 0;
    std::uint32_t root_cluster = 0; // of FAT32, else 0
    unsigned bits = 12;             // of an entry of the table
};

std::optional<Volume> read_volume(ByteView bytes)
{
    const std::size_t sector = u16_at(bytes, 11);
    const std::size_t per_cluster = u8_at(bytes, 13);
    const std::size_t reserved = u16_at(bytes, 14);
    const std::size_t tables = u8_at(bytes, 16);
    const std::size_t table_sectors =
        u16_at(bytes, 22) != 0 ? u16_at(bytes, 22) : u32_at(bytes, 36);
    const std::uint64_t sectors = u16_at(bytes, 19) != 0 ? u16_at(bytes, 19) : u32_at(bytes, 32);
    const bool holds = std::has_single_bit(sector) && sector >= 512 && sector <= 4'096 &&
                       std::has_single_bit(per_cluster) && reserved > 0 && tables > 0 &&
                       tables <= 4 && table_sectors > 0 && sectors > 0;
    if (!holds) {
        return std::nullopt;
    }
    Volume volume;
    volume.cluster_bytes = sector * per_cluster;
    volume.table = reserved * sector;
    volume.root = volume.table + tables * table_sectors * sector;
    volume.root_bytes = std::size_t{u16_at(bytes, 17)} * entry_bytes;
    volume.data = volume.root + (volume.root_bytes + sector - 1) / sector * sector;
    const auto data_sectors = sectors - std::min<std::uint64_t>(sectors, volume.data / sector);
    volume.clusters = static_cast<std::uint32_t>(data_sectors / per_cluster);
    if (volume.clusters >= 4'085) { // fatgen103: the count alone decides
        volume.bits = volume.clusters < 65'525 ? 16 : 32;
    }
    volume.root_cluster = volume.root_bytes == 0 ? u32_at(bytes, 44) : 0;
    return volume;
}

std::string short_name(ByteView entry)
{
    const auto part = [&](std::size_t at, std::size_t size) {
        const auto text = base::as_text(base::slice(entry, at, size));
        return std::string{text.substr(0, text.find_last_not_of(' ') + 1)};
    };
    auto name = part(0, 8);
    if (!name.empty() && name.front() == '\x05') { // stands for 0xE5, which means deleted
        name.front() = '\xE5';
    }
    const auto extension = part(8, 3);
    if (name.empty() && extension.empty()) {
        return "unnamed";
    }
    return name_from_octets(extension.empty() ? name : name + '.' + extension);
}

std::uint8_t sum_of_short_name(ByteView entry)
{
    unsigned sum = 0;
    for (std::size_t i = 0; i < 11; ++i) {
        sum = ((sum & 1U) << 7U) + (sum >> 1U) + u8_at(entry, i);
        sum &= 0xFFU;
    }
    return static_cast<std::uint8_t>(sum);
}

/// The pieces of a long name stand before the entry, the last one first.
class LongName {
public:
    void add(ByteView entry)
    {
        const auto order = u8_at(entry, 0);
        if ((order & 0x40U) != 0) {
            pieces_.clear();
            sum_ = u8_at(entry, 13);
        }
        std::u16string piece;
        for (const std::size_t at : {1U, 3U, 5U, 7U, 9U, 14U, 16U, 18U, 20U, 22U, 24U, 28U, 30U}) {
            const auto unit = u16_at(entry, at);
            if (unit == 0 || unit == 0xFFFF) {
                break;
            }
            piece += static_cast<char16_t>(unit);
        }
        if (pieces_.size() < characters_max) {
            pieces_.insert(0, piece);
        }
    }

    /// Of this entry, if they belong to it; empty else.
    [[nodiscard]] std::string take(ByteView entry)
    {
        const auto name =
            sum_ == sum_of_short_name(entry) ? name_from_utf16(pieces_) : std::string{};
        pieces_.clear();
        return name;
    }

private:
    static constexpr std::size_t characters_max = 260; // 20 pieces of 13
    std::u16string pieces_;
    std::uint8_t sum_ = 0;
};

class Reader {
public:
    Reader(ByteView bytes, const Volume& volume, Meter& meter)
        : bytes_{bytes}
        , volume_{volume}
        , meter_{meter}
    {
    }

    void read()
    {
        if (volume_.root_bytes > 0) {
            read_folder(base::slice(bytes_, volume_.root, volume_.root_bytes), {});
        } else {
            open_.push_back({volume_.root_cluster, {}, 0});
        }
        while (!open_.empty() && meter_.has_time()) {
            const auto folder = open_.back();
            open_.pop_back();
            if (visited_.insert(folder.cluster).second) {
                read_folder(folder_content(folder.cluster), folder);
            }
        }
    }

private:
    struct Folder {
        std::uint32_t cluster = 0;
        std::string path; // "a/b/", empty for the root
        std::size_t depth = 0;
    };

    [[nodiscard]] bool is_in_data(std::uint32_t cluster) const
    {
        return cluster >= 2 && cluster - 2 < volume_.clusters;
    }

    [[nodiscard]] ByteView content_of(std::uint32_t cluster) const
    {
        return base::slice(bytes_, volume_.data + std::size_t{cluster - 2} * volume_.cluster_bytes,
                           volume_.cluster_bytes);
    }

    /// What is no cluster ends a chain.
    [[nodiscard]] std::uint32_t next(std::uint32_t cluster) const
    {
        if (volume_.bits == 12) {
            const auto pair = u16_at(bytes_, volume_.table + cluster + cluster / 2);
            return cluster % 2 == 0 ? pair & 0x0FFFU : pair >> 4U;
        }
        if (volume_.bits == 16) {
            return u16_at(bytes_, volume_.table + std::size_t{2} * cluster);
        }
        return u32_at(bytes_, volume_.table + std::size_t{4} * cluster) & 0x0FFFFFFFU;
    }

    [[nodiscard]] ByteView folder_content(std::uint32_t cluster)
    {
        constexpr std::size_t folder_bytes_max = std::size_t{2} << 20U; // fatgen103: 65,536 entries
        folder_.clear();
        std::uint32_t passed = 0;
        while (is_in_data(cluster) && passed++ < volume_.clusters &&
               folder_.size() < folder_bytes_max) {
            const auto content = content_of(cluster);
            folder_.insert(folder_.end(), content.begin(), content.end());
            cluster = next(cluster);
        }
        return folder_;
    }

    void read_folder(ByteView entries, const Folder& folder)
    {
        LongName long_name;
        for (std::size_t at = 0; at + entry_bytes <= entries.size() && !meter_.is_over();
             at += entry_bytes) {
            const auto entry = base::slice(entries, at, entry_bytes);
            const unsigned first = u8_at(entry, 0);
            const unsigned attributes = u8_at(entry, 11);
            if (first == 0) {
                return;
            }
            if (first == 0xE5) {
                continue;
            }
            if ((attributes & 0x3FU) == attribute_long_name) {
                long_name.add(entry);
                continue;
            }
            auto name = long_name.take(entry);
            if (first != '.' && (attributes & attribute_label) == 0) {
                read_entry(entry, folder, name.empty() ? short_name(entry) : std::move(name));
            }
        }
    }

    void read_entry(ByteView entry, const Folder& folder, const std::string& name)
    {
        const auto high = volume_.bits == 32 ? std::uint32_t{u16_at(entry, 20)} << 16U : 0U;
        const auto cluster = high | u16_at(entry, 26);
        const auto path = folder.path + name;
        if ((u8_at(entry, 11) & attribute_folder) == 0) {
            read_file(cluster, u32_at(entry, 28), path);
        } else if (folder.depth == fat_depth_max) {
            meter_.tell(path, "limit_depth",
                        "folders deeper than " + std::to_string(fat_depth_max) + " were not read");
        } else if (is_in_data(cluster)) {
            open_.push_back({cluster, path + '/', folder.depth + 1});
        }
    }

    void read_file(std::uint32_t cluster, std::size_t size, const std::string& path)
    {
        if (!meter_.admit_entry()) {
            return;
        }
        base::Bytes content;
        auto stop = Stop::none;
        std::uint32_t passed = 0;
        while (content.size() < size && stop == Stop::none && is_in_data(cluster) &&
               passed++ < volume_.clusters) {
            const auto piece = base::slice(content_of(cluster), 0, size - content.size());
            stop = meter_.keep(piece, content);
            cluster = piece.size() < volume_.cluster_bytes ? 0 : next(cluster);
        }
        meter_.deliver({path, content});
        if (stop != Stop::none) {
            meter_.tell(path, stop);
        } else if (content.size() < size) {
            meter_.tell(path, "damaged_archive", "its clusters end before its size");
        }
    }

    ByteView bytes_;
    Volume volume_;
    Meter& meter_; // borrowed
    std::vector<Folder> open_;
    std::set<std::uint32_t> visited_; // folders
    base::Bytes folder_;              // the one that is read
};

} // namespace

bool is_fat(ByteView bytes)
{
    const bool has_jump =
        (u8_at(bytes, 0) == 0xEB && u8_at(bytes, 2) == 0x90) || u8_at(bytes, 0) == 0xE9;
    const bool has_media = u8_at(bytes, 21) == 0xF0 || u8_at(bytes, 21) >= 0xF8;
    return has_jump && has_media && has_at(bytes, 510, "\x55\xAA"sv) &&
           read_volume(bytes).has_value();
}

void unpack_fat(ByteView bytes, Meter& meter)
{
    const auto volume = read_volume(bytes);
    if (!volume) {
        meter.tell("", "damaged_archive", "its boot sector does not hold");
        return;
    }
    Reader{bytes, *volume, meter}.read();
}

} // namespace watchpost::unpack
