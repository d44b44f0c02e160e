#include "unpack/disk.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "unpack/little_endian.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;
using namespace std::string_view_literals;

constexpr std::uint64_t sector_bytes = 512;
constexpr std::size_t table_offset = 446;
constexpr std::size_t partitions_max = 128;

struct Extent {
    std::uint64_t begin = 0; // octets
    std::uint64_t size = 0;
};

Extent extent_of(std::uint64_t first, std::uint64_t sectors)
{
    const auto begin = base::checked_multiply(first, sector_bytes);
    const auto size = base::checked_multiply(sectors, sector_bytes);
    return {begin.value_or(0), size.value_or(0)};
}

void add_if_in(ByteView bytes, const Extent& extent, std::vector<Extent>& extents)
{
    if (extent.begin > 0 && extent.size > 0 && extent.begin < bytes.size()) {
        extents.push_back(extent);
    }
}

std::vector<Extent> read_gpt(ByteView bytes)
{
    std::vector<Extent> extents;
    const auto header = base::slice(bytes, sector_bytes, sector_bytes);
    const auto table = extent_of(u64_at(header, 72), 1).begin;
    const std::size_t entry_bytes = u32_at(header, 84);
    if (!has_at(header, 0, "EFI PART"sv) || table == 0 || table >= bytes.size() ||
        entry_bytes < 128 || entry_bytes > 4'096) {
        return extents;
    }
    const std::size_t count = std::min<std::size_t>(u32_at(header, 80), partitions_max);
    for (std::size_t i = 0; i < count; ++i) {
        const auto entry = base::slice(bytes, table + i * entry_bytes, entry_bytes);
        const auto first = u64_at(entry, 32);
        const auto last = u64_at(entry, 40);
        if (first != 0 && last >= first) {
            add_if_in(bytes, extent_of(first, last - first + 1), extents);
        }
    }
    return extents;
}

std::vector<Extent> read_partitions(ByteView bytes)
{
    constexpr std::uint8_t protective = 0xEE; // a GPT stands behind it
    std::vector<Extent> extents;
    if (!has_at(bytes, 510, "\x55\xAA"sv)) {
        return extents;
    }
    for (std::size_t i = 0; i < 4; ++i) {
        const auto entry = base::slice(bytes, table_offset + i * 16, 16);
        const auto status = u8_at(entry, 0);
        if (status != 0 && status != 0x80) {
            return {}; // a boot sector of another kind
        }
        if (u8_at(entry, 4) == protective) {
            return read_gpt(bytes);
        }
        if (u8_at(entry, 4) != 0) {
            add_if_in(bytes, extent_of(u32_at(entry, 8), u32_at(entry, 12)), extents);
        }
    }
    return extents;
}

std::uint32_t big_endian_u32(ByteView bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = value << 8U | u8_at(bytes, at + i);
    }
    return value;
}

std::uint64_t big_endian_u64(ByteView bytes, std::size_t at)
{
    return std::uint64_t{big_endian_u32(bytes, at)} << 32U | big_endian_u32(bytes, at + 4);
}

/// VHD specification 1.0, "Dynamic Disk Header Format" and "Block Allocation Table": each block of
/// the disk stands somewhere in the file, behind a bitmap of its sectors, or is all zeros.
class GrowingVhd {
public:
    static constexpr std::uint32_t not_there = 0xFFFFFFFF;

    GrowingVhd(ByteView bytes, ByteView footer, Meter& meter)
        : bytes_{bytes}
        , header_{at(big_endian_u64(footer, 16), 1'024)}
        , table_at_{big_endian_u64(header_, 16)}
        , block_bytes_{big_endian_u32(header_, 32)}
        , meter_{meter}
    {
        const std::uint64_t blocks = big_endian_u32(header_, 28);
        count_ = at(table_at_, blocks * 4).size() / 4;
        is_damaged_ = count_ < blocks;
        while (count_ > 0 && place_of(count_ - 1) == not_there) {
            --count_; // nothing but zeros to the end of the disk
        }
    }

    [[nodiscard]] bool holds() const
    {
        constexpr std::uint32_t block_bytes_max = std::uint32_t{256} << 20U;
        return has_at(header_, 0, "cxsparse"sv) && block_bytes_ >= sector_bytes &&
               block_bytes_ <= block_bytes_max && block_bytes_ % sector_bytes == 0;
    }

    void deliver()
    {
        if (!meter_.admit_entry()) {
            return;
        }
        auto stop = Stop::none;
        for (std::size_t block = 0; block < count_ && stop == Stop::none; ++block) {
            stop = keep_block(place_of(block));
        }
        meter_.deliver({"disk", disk_});
        if (stop != Stop::none) {
            meter_.tell("disk", stop);
        } else if (is_damaged_) {
            meter_.tell("disk", "damaged_archive",
                        "its table or a block of it lies behind the end of the file");
        }
    }

private:
    [[nodiscard]] ByteView at(std::uint64_t offset, std::uint64_t size) const
    {
        return offset < bytes_.size() ? base::slice(bytes_, static_cast<std::size_t>(offset),
                                                    static_cast<std::size_t>(size))
                                      : ByteView{};
    }

    [[nodiscard]] std::uint32_t place_of(std::size_t block) const
    {
        return big_endian_u32(bytes_, static_cast<std::size_t>(table_at_) + block * 4);
    }

    Stop keep_block(std::uint32_t sector)
    {
        const auto bitmap_bits = block_bytes_ / sector_bytes;
        const auto bitmap_sectors = (bitmap_bits / 8 + sector_bytes - 1) / sector_bytes;
        const auto data = sector == not_there
                              ? ByteView{}
                              : at((sector + bitmap_sectors) * sector_bytes, block_bytes_);
        is_damaged_ = is_damaged_ || (sector != not_there && data.size() < block_bytes_);
        const auto stop = meter_.keep(data, disk_);
        return stop == Stop::none ? keep_zeros(block_bytes_ - data.size()) : stop;
    }

    Stop keep_zeros(std::uint64_t count)
    {
        static constexpr std::array<std::byte, std::size_t{64} << 10U> zeros{};
        auto stop = Stop::none;
        while (count > 0 && stop == Stop::none) {
            const auto piece = std::min<std::uint64_t>(count, zeros.size());
            stop = meter_.keep(ByteView{zeros}.first(static_cast<std::size_t>(piece)), disk_);
            count -= piece;
        }
        return stop;
    }

    ByteView bytes_;
    ByteView header_;
    std::uint64_t table_at_;
    std::uint64_t block_bytes_;
    std::size_t count_ = 0; // blocks, without those at the end that are not there
    Meter& meter_;          // borrowed for the disk's delivery
    base::Bytes disk_;
    bool is_damaged_ = false;
};

} // namespace

bool is_partitioned_disk(ByteView bytes)
{
    return !read_partitions(bytes).empty();
}

void unpack_partitions(ByteView bytes, Meter& meter)
{
    std::size_t number = 0;
    for (const auto& extent : read_partitions(bytes)) {
        if (meter.is_over()) {
            return;
        }
        const auto name = "partition " + std::to_string(++number);
        const auto content = base::slice(bytes, extent.begin, extent.size);
        meter.deliver_whole({name, content});
        if (content.size() < extent.size) {
            meter.tell(name, "damaged_archive", "it ends behind the end of the image");
        }
    }
}

void unpack_vhd(ByteView bytes, Meter& meter)
{
    constexpr std::size_t footer_bytes = 512;
    constexpr std::uint32_t fixed = 2; // VHD specification 1.0, "Disk Type"
    constexpr std::uint32_t growing = 3;
    const auto footer = bytes.last(std::min(bytes.size(), footer_bytes));
    if (big_endian_u32(footer, 60) == growing) {
        if (GrowingVhd disk{bytes.first(bytes.size() - footer.size()), footer, meter};
            disk.holds()) {
            disk.deliver();
        } else {
            meter.tell("", "damaged_archive", "the header of the growing disk does not hold");
        }
        return;
    }
    if (big_endian_u32(footer, 60) != fixed) {
        meter.tell("", "unsupported_archive",
                   "a VHD that holds the differences to another one is not read");
        return;
    }
    meter.deliver_whole({"disk", bytes.first(bytes.size() - footer.size())});
}

} // namespace watchpost::unpack
