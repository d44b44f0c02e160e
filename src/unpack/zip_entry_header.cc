#include "unpack/zip_entry_header.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "unpack/little_endian.h"

namespace watchpost::unpack {
namespace {

constexpr std::uint16_t aes_method = 99;
constexpr std::uint16_t aes_field = 0x9901; // WinZip's specification of AE-1 and AE-2
constexpr std::uint16_t zip64_field = 0x0001;
constexpr auto u32_max = std::numeric_limits<std::uint32_t>::max();

void put(base::Bytes& bytes, std::uint64_t value, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        bytes.push_back(static_cast<std::byte>(value >> (8 * i) & 0xFFU));
    }
}

void put_field(base::Bytes& extra, std::uint16_t id, base::ByteView value)
{
    put(extra, id, 2);
    put(extra, value.size(), 2);
    extra.insert(extra.end(), value.begin(), value.end());
}

/// The octet that the old encryption's header is checked by: of the checksum, or of the time where
/// the checksum was not known when the header was written.
std::uint32_t check_octet(const ZipEntry& listed, const ZipLocal& local)
{
    return listed.has_sizes_behind_data() ? local.entry.time >> 8U : listed.crc >> 24U;
}

base::Bytes make_extra(const ZipEntry& listed, const ZipLocal& local, bool is_zip64)
{
    base::Bytes extra;
    if (listed.method == aes_method) {
        const auto field = zip_extra_field(listed.extra, aes_field);
        put_field(extra, aes_field,
                  field.empty() ? zip_extra_field(local.entry.extra, aes_field) : field);
    }
    if (is_zip64) {
        base::Bytes sizes;
        put(sizes, listed.unpacked_bytes, 8);
        put(sizes, listed.packed_bytes, 8);
        put_field(extra, zip64_field, sizes);
    }
    return extra;
}

} // namespace

base::Bytes make_zip_entry_header(const ZipEntry& listed, const ZipLocal& local)
{
    constexpr std::uint16_t kept_flags = 0x0007; // encrypted, and the two of the method
    const bool is_zip64 = listed.unpacked_bytes >= u32_max || listed.packed_bytes >= u32_max;
    const auto extra = make_extra(listed, local, is_zip64);
    base::Bytes header;
    put(header, 0x04034B50, 4);
    put(header, is_zip64 ? 45 : 20, 2); // version needed
    put(header, listed.flags & kept_flags, 2);
    put(header, listed.method, 2);
    put(header, 0, 4); // time and date
    put(header, check_octet(listed, local) << 24U, 4);
    put(header, is_zip64 ? u32_max : listed.packed_bytes, 4);
    put(header, is_zip64 ? u32_max : listed.unpacked_bytes, 4);
    put(header, 1, 2); // octets of the name, which is not used
    put(header, extra.size(), 2);
    put(header, 'm', 1);
    header.insert(header.end(), extra.begin(), extra.end());
    return header;
}

bool is_supported_zip_method(std::uint16_t method) noexcept
{
    constexpr auto known = std::to_array<std::uint16_t>({0, 8, 12, 14, 93, 95, 98, aes_method});
    return std::ranges::find(known, method) != known.end();
}

bool has_zip_checksum(const ZipEntry& entry)
{
    constexpr std::uint16_t ae_2 = 2;
    return entry.method != aes_method || u16_at(zip_extra_field(entry.extra, aes_field), 0) != ae_2;
}

} // namespace watchpost::unpack
