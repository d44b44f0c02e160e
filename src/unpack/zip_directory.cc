#include "unpack/zip_directory.h"

#include <algorithm>
#include <utility>

#include <zlib.h>

#include "base/ascii.h"
#include "diag/quote.h"
#include "unpack/little_endian.h"
#include "unpack/names.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;
using namespace std::string_view_literals;

constexpr auto local_magic = "PK\x03\x04"sv;
constexpr auto central_magic = "PK\x01\x02"sv;
constexpr auto end_magic = "PK\x05\x06"sv;
constexpr auto signature_magic = "PK\x05\x05"sv; // of the directory, APPNOTE 4.3.13
constexpr auto zip64_locator_magic = "PK\x06\x07"sv;
constexpr auto zip64_end_magic = "PK\x06\x06"sv;
constexpr std::size_t local_bytes = 30;
constexpr std::size_t central_bytes = 46;
constexpr std::size_t end_bytes = 22;
constexpr std::size_t zip64_locator_bytes = 20;
constexpr std::uint16_t unicode_path = 0x7075; // APPNOTE 4.6.9
constexpr std::size_t other_names_max = 8;
constexpr std::uint32_t in_zip64 = 0xFFFFFFFF; // APPNOTE 4.4.1.4: the true value is elsewhere

struct End {
    std::uint64_t offset = 0; // where the directory must have ended
    std::uint64_t directory_bytes = 0;
    std::uint64_t directory_offset = 0;
};

/// APPNOTE 4.5.3: the field holds, in this order, only the values that are 0xFFFFFFFF in the
/// header.
void take_zip64(ZipEntry& entry)
{
    const auto field = zip_extra_field(entry.extra, 0x0001);
    std::size_t at = 0;
    const auto take = [&](std::uint64_t& value) {
        if (value == in_zip64 && at + 8 <= field.size()) {
            value = u64_at(field, at);
            at += 8;
        }
    };
    take(entry.unpacked_bytes);
    take(entry.packed_bytes);
    take(entry.header_offset);
}

/// The fields that local and central headers share, from the version needed on.
ZipEntry read_common(ByteView header)
{
    ZipEntry entry;
    entry.flags = u16_at(header, 2);
    entry.method = u16_at(header, 4);
    entry.time = u16_at(header, 6);
    entry.crc = u32_at(header, 10);
    entry.packed_bytes = u32_at(header, 14);
    entry.unpacked_bytes = u32_at(header, 18);
    return entry;
}

/// APPNOTE 4.3.14, 4.3.15. The record normally stands right before its locator.
void take_zip64_end(ByteView bytes, std::size_t end_record, End& end)
{
    if (end_record < zip64_locator_bytes ||
        !has_at(bytes, end_record - zip64_locator_bytes, zip64_locator_magic)) {
        return;
    }
    const std::size_t locator = end_record - zip64_locator_bytes;
    std::uint64_t record = u64_at(bytes, locator + 8);
    if (record >= locator || !has_at(bytes, record, zip64_end_magic)) {
        constexpr std::size_t usual_bytes = 56;
        record = locator >= usual_bytes ? locator - usual_bytes : 0;
    }
    if (has_at(bytes, record, zip64_end_magic)) {
        end = {record, u64_at(bytes, record + 40), u64_at(bytes, record + 48)};
    }
}

/// Where the directory begins: by its size before the end record, as archives behind a program
/// have it, or where the record says.
std::optional<std::uint64_t> directory_begin(ByteView bytes, const End& end)
{
    if (end.directory_bytes <= end.offset &&
        has_at(bytes, end.offset - end.directory_bytes, central_magic)) {
        return end.offset - end.directory_bytes;
    }
    if (end.directory_offset < end.offset && has_at(bytes, end.directory_offset, central_magic)) {
        return end.directory_offset;
    }
    return std::nullopt;
}

/// Every place at which a program may look for the directory, the usual one first.
std::vector<std::uint64_t> directory_begins(ByteView bytes, const End& end)
{
    std::vector<std::uint64_t> begins;
    for (const auto at :
         {end.offset - std::min(end.directory_bytes, end.offset), end.directory_offset}) {
        if (at < end.offset && has_at(bytes, at, central_magic)) {
            begins.push_back(at);
        }
    }
    return begins;
}

/// The last end record that leads to a directory: another one may stand in the comment. Else the
/// last one.
std::optional<End> find_end(ByteView bytes)
{
    constexpr std::size_t comment_bytes_max = 0xFFFF;
    std::optional<End> last;
    const auto window = std::min(bytes.size(), end_bytes + comment_bytes_max);
    auto tail = base::as_text(bytes.last(window));
    for (auto at = tail.rfind(end_magic); at != tail.npos; at = tail.rfind(end_magic)) {
        const std::size_t record = bytes.size() - window + at;
        End end{record, u32_at(bytes, record + 12), u32_at(bytes, record + 16)};
        take_zip64_end(bytes, record, end);
        if (record + end_bytes <= bytes.size()) {
            last = last ? last : end;
            if (directory_begin(bytes, end)) {
                return end;
            }
        }
        tail = tail.substr(0, at);
    }
    return last;
}

/// Those that programs may choose: the last one, and such as have a comment that ends with the
/// file; each by itself and by the zip64 record before it.
std::vector<End> other_ends(ByteView bytes)
{
    constexpr std::size_t ends_max = 32;
    std::vector<End> ends;
    const auto window = std::min(bytes.size(), end_bytes + std::size_t{0xFFFF});
    auto tail = base::as_text(bytes.last(window));
    for (auto at = tail.rfind(end_magic); at != tail.npos && ends.size() < ends_max;
         at = tail.rfind(end_magic)) {
        const std::size_t record = bytes.size() - window + at;
        const bool fits = record + end_bytes + u16_at(bytes, record + 20) == bytes.size();
        if (ends.empty() || fits) {
            End end{record, u32_at(bytes, record + 12), u32_at(bytes, record + 16)};
            ends.push_back(end);
            take_zip64_end(bytes, record, end);
            ends.push_back(end);
        }
        tail = tail.substr(0, at);
    }
    return ends;
}

std::optional<ZipEntry> read_central(ByteView bytes, std::uint64_t& at)
{
    const auto header = base::slice(bytes, at, central_bytes);
    if (header.size() < central_bytes || !has_at(header, 0, central_magic)) {
        return std::nullopt;
    }
    auto entry = read_common(header.subspan(6));
    const std::size_t name_bytes = u16_at(header, 28);
    const std::size_t extra_bytes = u16_at(header, 30);
    entry.raw_name = base::as_text(base::slice(bytes, at + central_bytes, name_bytes));
    entry.extra = base::slice(bytes, at + central_bytes + name_bytes, extra_bytes);
    entry.header_offset = u32_at(header, 42);
    take_zip64(entry);
    entry.listed_at = at;
    entry.listed_bytes = central_bytes + name_bytes + extra_bytes;
    at += entry.listed_bytes + u16_at(header, 32);
    return entry;
}

struct Place {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Central headers one after the other, as far as they go. Where that is.
std::uint64_t read_entries(ByteView bytes, Place place, std::uint64_t entries_max,
                           std::vector<ZipEntry>& entries)
{
    while (place.begin < place.end && entries.size() < entries_max) {
        auto entry = read_central(bytes, place.begin);
        if (!entry) {
            break;
        }
        entries.push_back(*entry);
    }
    return place.begin;
}

/// Offsets count from the first header; something may have been put before it.
void rebase(ByteView bytes, std::uint64_t shift, ZipEntry& entry)
{
    const auto moved = base::checked_add(entry.header_offset, shift);
    if (moved && has_at(bytes, *moved, local_magic)) {
        entry.header_offset = *moved;
    }
}

/// A header in a gap of the directory is only believed if it could be one: random octets with this
/// magic stand in many programs. The name is free, it may be meant to deter.
bool is_plausible(const ZipLocal& local, ByteView bytes)
{
    constexpr std::uint8_t newest_version = 63; // APPNOTE 4.4.3.2
    constexpr std::uint8_t systems_max = 20;    // 4.4.2.2
    const auto at = local.entry.header_offset;
    const auto method = local.entry.method;
    return u8_at(bytes, at + 4) <= newest_version && u8_at(bytes, at + 5) <= systems_max &&
           (method <= 20 || (method >= 93 && method <= 99)) && !local.entry.raw_name.empty() &&
           local.data_offset <= bytes.size();
}

} // namespace

ByteView zip_extra_field(ByteView extra, std::uint16_t id)
{
    for (std::size_t at = 0; at + 4 <= extra.size(); at += 4 + std::size_t{u16_at(extra, at + 2)}) {
        if (u16_at(extra, at) == id) {
            return base::slice(extra, at + 4, u16_at(extra, at + 2));
        }
    }
    return {};
}

std::vector<std::string> ZipEntry::other_names() const
{
    const auto extension_of = [](std::string_view name) {
        return base::lower_case(name.substr(std::min(name.rfind('.'), name.size())));
    };
    std::vector<std::string> names;
    const auto shown = extension_of(name());
    const auto add = [&](std::string other) {
        if (extension_of(other) != shown && std::ranges::find(names, other) == names.end()) {
            names.push_back(std::move(other));
        }
    };
    add(name_from_octets(raw_name));
    for (std::size_t at = 0; at + 4 <= extra.size() && names.size() < other_names_max;
         at += 4 + std::size_t{u16_at(extra, at + 2)}) {
        const auto field = base::slice(extra, at + 4, u16_at(extra, at + 2));
        if (u16_at(extra, at) == unicode_path && field.size() > 5) {
            add(diag::to_valid_utf8(base::as_text(field.subspan(5))));
        }
    }
    return names;
}

std::string ZipEntry::name() const
{
    const auto field = zip_extra_field(extra, unicode_path);
    if (field.size() > 5 && u8_at(field, 0) == 1 &&
        u32_at(field, 1) == crc32(0, reinterpret_cast<const Bytef*>(raw_name.data()),
                                  static_cast<uInt>(raw_name.size()))) {
        return diag::to_valid_utf8(base::as_text(field.subspan(5)));
    }
    return name_from_octets(raw_name);
}

bool ends_in_zip_directory(ByteView bytes)
{
    const auto end = find_end(bytes);
    return end && directory_begin(bytes, *end);
}

std::vector<ZipEntry> read_other_zip_directories(ByteView bytes, std::uint64_t entries_max)
{
    std::vector<ZipEntry> entries;
    const auto chosen = find_end(bytes);
    const auto usual = chosen ? directory_begin(bytes, *chosen) : std::nullopt;
    std::vector<std::uint64_t> seen;
    if (usual) {
        seen.push_back(*usual);
    }
    for (const End& end : other_ends(bytes)) {
        for (const auto at : directory_begins(bytes, end)) {
            if (std::ranges::find(seen, at) != seen.end()) {
                continue;
            }
            seen.push_back(at);
            static_cast<void>(read_entries(bytes, {at, end.offset}, entries_max, entries));
        }
    }
    return entries;
}

ZipDirectory read_zip_directory(ByteView bytes, std::uint64_t entries_max)
{
    ZipDirectory directory;
    const auto end = find_end(bytes);
    if (!end) {
        return directory;
    }
    directory.end = end->offset;
    const auto begin = directory_begin(bytes, *end);
    if (!begin) {
        directory.begin = end->offset;
        directory.found = end->directory_bytes == 0; // an empty archive
        return directory;
    }
    directory.found = true;
    directory.begin = *begin;
    const std::uint64_t shift = *begin > end->directory_offset ? *begin - end->directory_offset : 0;
    const auto at = read_entries(bytes, {*begin, end->offset}, entries_max, directory.entries);
    for (ZipEntry& entry : directory.entries) {
        rebase(bytes, shift, entry);
    }
    directory.was_cut = at < end->offset && !has_at(bytes, at, signature_magic);
    return directory;
}

std::optional<ZipLocal> read_zip_local_without_magic(ByteView bytes, std::uint64_t offset)
{
    const auto header = base::slice(bytes, offset, local_bytes);
    if (header.size() < local_bytes) {
        return std::nullopt;
    }
    ZipLocal local;
    local.entry = read_common(header.subspan(4));
    const std::size_t name_bytes = u16_at(header, 26);
    const std::size_t extra_bytes = u16_at(header, 28);
    local.entry.raw_name = base::as_text(base::slice(bytes, offset + local_bytes, name_bytes));
    local.entry.extra = base::slice(bytes, offset + local_bytes + name_bytes, extra_bytes);
    take_zip64(local.entry);
    local.entry.header_offset = offset;
    local.entry.has_sums = !local.entry.has_sizes_behind_data();
    local.data_offset = offset + local_bytes + name_bytes + extra_bytes;
    return local;
}

std::optional<ZipLocal> read_zip_local(ByteView bytes, std::uint64_t offset)
{
    return has_at(bytes, offset, local_magic) ? read_zip_local_without_magic(bytes, offset)
                                              : std::nullopt;
}

std::optional<ZipEntry> find_zip_central(ByteView bytes, std::uint64_t from, std::uint64_t to)
{
    const auto text = base::as_text(base::slice(bytes, 0, to));
    for (auto at = text.find(central_magic, from); at != text.npos;
         at = text.find(central_magic, at + 1)) {
        std::uint64_t end = at;
        auto entry = read_central(bytes, end);
        if (entry && has_at(bytes, entry->header_offset, local_magic)) {
            return entry;
        }
    }
    return std::nullopt;
}

std::uint64_t find_zip_local(ByteView bytes, std::uint64_t from, std::uint64_t to)
{
    const auto text = base::as_text(base::slice(bytes, 0, to));
    for (auto at = text.find(local_magic, from); at != text.npos;
         at = text.find(local_magic, at + 1)) {
        const auto local = read_zip_local(bytes, at);
        if (local && is_plausible(*local, bytes)) {
            return at;
        }
    }
    return to;
}

} // namespace watchpost::unpack
