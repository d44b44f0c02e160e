// Which container these bytes are, and where in them it begins. By content alone.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::unpack {

/// The code that opens a format.
enum class Opener : std::uint8_t {
    none,     // known, but not opened: unsupported_archive
    zip,      // zip.h
    ole,      // ole.h
    tnef,     // tnef.h
    rtf,      // rtf.h
    pdf,      // pdf.h
    onenote,  // onenote.h
    shortcut, // shortcut.h
    internet_shortcut,
    calendar,   // calendar.h
    svg,        // svg.h
    cms,        // cms.h
    office_xml, // office_xml.h
    fat,
    partitions, // disk.h
    vhd,
    archive, // libarchive, several entries
    stream   // libarchive, the one member of a bare compression
};

struct Format {
    std::string_view name; // "zip", "7z", "gzip" …
    Opener opener = Opener::none;
    int library_code = 0; // libarchive's format or filter
};

struct Located {
    const Format* format = nullptr; // into the table of formats; null where it is no container
    std::size_t offset = 0;         // greater than 0 behind a self-extractor's program
};

[[nodiscard]] Located locate_container(base::ByteView bytes);

} // namespace watchpost::unpack
