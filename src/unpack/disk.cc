#include "unpack/disk.h"

#include <algorithm>
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
    const auto footer = bytes.last(std::min(bytes.size(), footer_bytes));
    if (big_endian_u32(footer, 60) != fixed) {
        meter.tell("", "unsupported_archive", "a VHD that grows is not read");
        return;
    }
    meter.deliver_whole({"disk", bytes.first(bytes.size() - footer.size())});
}

} // namespace watchpost::unpack
