#include "unpack/tests/fat_maker.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include "unpack/tests/zip_maker.h"

namespace watchpost::unpack::test {
namespace {

constexpr std::size_t sector = 512;

void put(std::string& image, std::size_t at, const std::string& octets)
{
    image.replace(at, octets.size(), octets);
}

/// ~1, ~2 …: short names of long ones need only be distinct.
std::string alias(std::size_t number)
{
    auto name = "F" + std::to_string(number);
    return name + std::string(11 - name.size(), ' ');
}

unsigned sum_of(const std::string& name)
{
    unsigned sum = 0;
    for (const char c : name) {
        sum = (((sum & 1U) << 7U) + (sum >> 1U) + static_cast<unsigned char>(c)) & 0xFFU;
    }
    return sum;
}

std::string long_name_entries(const std::string& name, const std::string& short_name)
{
    std::string entries;
    const std::size_t pieces = (name.size() + 12) / 13;
    for (std::size_t piece = pieces; piece > 0; --piece) {
        std::string units;
        for (std::size_t i = 13 * (piece - 1); i < 13 * piece; ++i) {
            units += little_endian(i < name.size()    ? static_cast<unsigned char>(name[i])
                                   : i == name.size() ? 0U
                                                      : 0xFFFFU,
                                   2);
        }
        entries += little_endian(piece | (piece == pieces ? 0x40U : 0U), 1) + units.substr(0, 10) +
                   '\x0F' + '\0' + static_cast<char>(sum_of(short_name)) + units.substr(10, 12) +
                   std::string(2, '\0') + units.substr(22);
    }
    return entries;
}

class Maker {
public:
    explicit Maker(unsigned bits)
        : bits_{bits}
        , clusters_{bits == 12   ? 2'000U
                    : bits == 16 ? 5'000U
                                 : 66'000U}
        , table_sectors_{(clusters_ + 2) * 4 / sector + 1}
        , root_sectors_{bits == 32 ? 0U : 2U}
        , data_{(1 + table_sectors_ + root_sectors_) * sector}
        , image_(data_ + clusters_ * sector, '\0')
    {
        put(image_, 0, "\xEB\x3C\x90WATCHPST");
        put(image_, 11,
            little_endian(sector, 2) + '\x01' + little_endian(1, 2) + '\x01' +
                little_endian(root_sectors_ * 16, 2) + little_endian(0, 2) + '\xF8' +
                little_endian(bits == 32 ? 0U : table_sectors_, 2));
        put(image_, 32,
            little_endian(image_.size() / sector, 4) +
                little_endian(bits == 32 ? table_sectors_ : 0U, 4));
        put(image_, 44, little_endian(bits == 32 ? 2U : 0U, 4));
        put(image_, 510, "\x55\xAA");
        next_ = bits == 32 ? 4 : 2; // two clusters for the root folder
        if (bits == 32) {
            link(2, 3);
            link(3, 0x0FFFFFFF);
        }
    }

    std::string make(const std::vector<FatFile>& files)
    {
        std::map<std::string, std::string> folders{{"", ""}}; // entries by path
        for (const auto& file : files) {
            const auto cut = file.path.rfind('/');
            const auto folder = cut == std::string::npos ? "" : file.path.substr(0, cut);
            folders[folder] +=
                entry(file.path.substr(cut + 1), store(file.content), file.content.size(), 0x20);
        }
        for (auto it = folders.rbegin(); it != folders.rend(); ++it) { // deeper ones first
            const auto& [path, entries] = *it;
            if (path.empty()) {
                put(image_, bits_ == 32 ? data_ : data_ - root_sectors_ * sector, entries);
                continue;
            }
            const auto cut = path.rfind('/');
            const auto parent = cut == std::string::npos ? "" : path.substr(0, cut);
            folders[parent] += entry(path.substr(cut + 1), store(entries), 0, 0x10);
        }
        return image_;
    }

private:
    std::string entry(const std::string& name, std::size_t cluster, std::size_t size, char kind)
    {
        const auto short_name = alias(++number_);
        return long_name_entries(name, short_name) + short_name + kind + std::string(8, '\0') +
               little_endian(cluster >> 16U, 2) + std::string(4, '\0') +
               little_endian(cluster & 0xFFFFU, 2) + little_endian(size, 4);
    }

    std::size_t store(const std::string& content)
    {
        const auto first = next_;
        const auto count = std::max<std::size_t>(1, (content.size() + sector - 1) / sector);
        put(image_, data_ + (first - 2) * sector, content);
        for (std::size_t i = 0; i < count; ++i, ++next_) {
            link(next_, i + 1 < count ? next_ + 1 : 0x0FFFFFFF);
        }
        return first;
    }

    void link(std::size_t cluster, std::size_t to)
    {
        if (bits_ == 12) {
            const auto at = sector + cluster + cluster / 2;
            const auto old = static_cast<unsigned char>(image_[at]) |
                             static_cast<unsigned>(static_cast<unsigned char>(image_[at + 1]))
                                 << 8U;
            const auto pair = cluster % 2 == 0 ? (old & 0xF000U) | (to & 0xFFFU)
                                               : (old & 0x000FU) | ((to & 0xFFFU) << 4U);
            put(image_, at, little_endian(pair, 2));
        } else if (bits_ == 16) {
            put(image_, sector + 2 * cluster, little_endian(to & 0xFFFFU, 2));
        } else {
            put(image_, sector + 4 * cluster, little_endian(to, 4));
        }
    }

    unsigned bits_;
    std::size_t clusters_;
    std::size_t table_sectors_;
    std::size_t root_sectors_;
    std::size_t data_;
    std::string image_;
    std::size_t next_ = 2;
    std::size_t number_ = 0;
};

} // namespace

std::string make_fat(const std::vector<FatFile>& files, unsigned bits)
{
    return Maker{bits}.make(files);
}

std::string make_partitioned(const std::string& partition)
{
    std::string disk(sector, '\0');
    put(disk, 446,
        '\x80' + std::string(3, '\0') + '\x0C' + std::string(3, '\0') + little_endian(1, 4) +
            little_endian(partition.size() / sector, 4));
    put(disk, 510, "\x55\xAA");
    return disk + partition;
}

std::string make_gpt(const std::string& partition)
{
    std::string disk(3 * sector, '\0');
    put(disk, 446 + 4, "\xEE");
    put(disk, 510, "\x55\xAA");
    put(disk, sector, "EFI PART");
    put(disk, sector + 72, little_endian(2, 8) + little_endian(4, 4) + little_endian(128, 4));
    put(disk, 2 * sector + 32,
        little_endian(3, 8) + little_endian(2 + partition.size() / sector, 8));
    return disk + partition;
}

std::string make_vhd(const std::string& disk, char type)
{
    std::string footer(sector, '\0');
    put(footer, 0, "conectix");
    put(footer, 63, std::string{type});
    return disk + footer;
}

std::string make_growing_vhd(const std::string& disk)
{
    constexpr std::size_t block_bytes = 4'096;
    constexpr std::size_t table_at = sector + 1'024;
    const auto big_endian = [](std::size_t value) {
        std::string text;
        for (int shift = 24; shift >= 0; shift -= 8) {
            text += static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xFFU);
        }
        return text;
    };
    std::string footer(sector, '\0');
    put(footer, 0, "conectix");
    put(footer, 20, big_endian(sector)); // where the header stands
    put(footer, 63, "\3");
    const std::size_t count = (disk.size() + block_bytes - 1) / block_bytes;
    std::string header(1'024, '\0');
    put(header, 0, "cxsparse");
    put(header, 20, big_endian(table_at));
    put(header, 28, big_endian(count + 1)); // the last one is not there
    put(header, 32, big_endian(block_bytes));
    std::string table((count + 1) * 4, '\xFF');
    table.resize((table.size() + sector - 1) / sector * sector, '\xFF');
    std::string blocks;
    for (std::size_t i = 0; i < count; ++i) {
        auto block = disk.substr(i * block_bytes, block_bytes);
        block.resize(block_bytes, '\0');
        if (block.find_first_not_of('\0') == std::string::npos) {
            continue;
        }
        put(table, i * 4, big_endian((table_at + table.size() + blocks.size()) / sector));
        blocks += std::string(sector, '\xFF') + block; // behind the bitmap of its sectors
    }
    return footer + header + table + blocks + footer;
}

} // namespace watchpost::unpack::test
