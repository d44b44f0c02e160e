// The zip format's two lists of members: the central directory at the end, which programs show, and
// the local headers in front of each member's data, which some readers go by.
//
// Read here and not by libarchive because a mail filter must see what either list says: names and
// members that stand in one of them only are how zips are made to look harmless. PKWARE APPNOTE
// 6.3. Free functions, thread-safe; views point into the bytes given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace watchpost::unpack {

struct ZipEntry {
    std::string_view raw_name;
    base::ByteView extra;
    std::uint16_t flags = 0;
    std::uint16_t method = 0;
    std::uint16_t time = 0;
    std::uint32_t crc = 0;
    std::uint64_t packed_bytes = 0;
    std::uint64_t unpacked_bytes = 0;
    std::uint64_t header_offset = 0; // of the local header, from the start of the bytes
    bool has_sums = true; // size and checksum are known: not in a local header that says "later"
    std::uint64_t listed_at = 0;    // where its central header stands, and how long that is
    std::uint64_t listed_bytes = 0; // … without the comment, in which anything may stand

    [[nodiscard]] bool is_encrypted() const noexcept { return (flags & 0x0001U) != 0; }
    [[nodiscard]] bool has_sizes_behind_data() const noexcept { return (flags & 0x0008U) != 0; }
    [[nodiscard]] bool is_strongly_encrypted() const noexcept { return (flags & 0x2040U) != 0; }

    /// UTF-8 by its flag or by the Unicode path field (0x7075), else as name_from_octets.
    [[nodiscard]] std::string name() const;

    /// Those that other programs take it to have, where the extension is another one: the plain
    /// name, and every Unicode path field, whether its checksum and version hold or not.
    [[nodiscard]] std::vector<std::string> other_names() const;
};

/// The local header at this offset and where its data begin.
struct ZipLocal {
    ZipEntry entry;
    std::uint64_t data_offset = 0;
};

struct ZipDirectory {
    std::vector<ZipEntry> entries; // in the directory's order
    bool found = false;            // false: none, or none that could be read
    bool was_cut = false;          // it ends before its time, or holds more than entries_max
    std::uint64_t begin = 0;       // what the directory itself covers
    std::uint64_t end = 0;
};

/// The data of an extra field, empty where absent.
[[nodiscard]] base::ByteView zip_extra_field(base::ByteView extra, std::uint16_t id);

/// Whether a zip reader that looks for the end record would find a directory with entries.
[[nodiscard]] bool ends_in_zip_directory(base::ByteView bytes);

[[nodiscard]] ZipDirectory read_zip_directory(base::ByteView bytes, std::uint64_t entries_max);

/// What other directories list, by which programs may go instead: at the offset that the end record
/// names where that is not the place before it, with and without zip64, and those of end records
/// whose comment ends with the file.
[[nodiscard]] std::vector<ZipEntry> read_other_zip_directories(base::ByteView bytes,
                                                               std::uint64_t entries_max);

[[nodiscard]] std::optional<ZipLocal> read_zip_local(base::ByteView bytes, std::uint64_t offset);

/// As if the signature stood there, which some programs do not look for.
[[nodiscard]] std::optional<ZipLocal> read_zip_local_without_magic(base::ByteView bytes,
                                                                   std::uint64_t offset);

/// The next central header in [from, to) that leads to a local header; its place is in the entry.
[[nodiscard]] std::optional<ZipEntry> find_zip_central(base::ByteView bytes, std::uint64_t from,
                                                       std::uint64_t to);

/// The offset of the next plausible local header in [from, to); `to` where there is none.
[[nodiscard]] std::uint64_t find_zip_local(base::ByteView bytes, std::uint64_t from,
                                           std::uint64_t to);

} // namespace watchpost::unpack
