#include "unpack/format.h"

#include <algorithm>
#include <array>

#include <archive.h>

#include "unpack/cms.h"
#include "unpack/disk.h"
#include "unpack/fat.h"
#include "unpack/format_checks.h"
#include "unpack/little_endian.h"
#include "unpack/office_xml.h"
#include "unpack/text_format_checks.h"
#include "unpack/zip_directory.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;
using namespace std::string_view_literals;

// One row a format; the order is of no meaning. Those without an opener are named so that a
// recipient's archive that we cannot read is a gap and not silence.
constexpr auto formats = std::to_array<Format>({
    {"zip", Opener::zip, 0},
    {"ole", Opener::ole, 0},
    {"tnef", Opener::tnef, 0},
    {"rtf", Opener::rtf, 0},
    {"pdf", Opener::pdf, 0},
    {"onenote", Opener::onenote, 0},
    {"shortcut", Opener::shortcut, 0},
    {"internet shortcut", Opener::internet_shortcut, 0},
    {"calendar", Opener::calendar, 0},
    {"svg", Opener::svg, 0},
    {"cms", Opener::cms, 0},
    {"office xml", Opener::office_xml, 0},
    {"fat", Opener::fat, 0},
    {"partitioned disk", Opener::partitions, 0},
    {"7z", Opener::archive, ARCHIVE_FORMAT_7ZIP},
    {"rar", Opener::archive, ARCHIVE_FORMAT_RAR},
    {"rar5", Opener::archive, ARCHIVE_FORMAT_RAR_V5},
    {"cab", Opener::archive, ARCHIVE_FORMAT_CAB},
    {"iso", Opener::archive, ARCHIVE_FORMAT_ISO9660},
    {"tar", Opener::archive, ARCHIVE_FORMAT_TAR},
    {"cpio", Opener::archive, ARCHIVE_FORMAT_CPIO},
    {"ar", Opener::archive, ARCHIVE_FORMAT_AR},
    {"lha", Opener::archive, ARCHIVE_FORMAT_LHA},
    {"gzip", Opener::stream, ARCHIVE_FILTER_GZIP},
    {"bzip2", Opener::stream, ARCHIVE_FILTER_BZIP2},
    {"xz", Opener::stream, ARCHIVE_FILTER_XZ},
    {"lzma", Opener::stream, ARCHIVE_FILTER_LZMA},
    {"lzip", Opener::stream, ARCHIVE_FILTER_LZIP},
    {"zstd", Opener::stream, ARCHIVE_FILTER_ZSTD},
    {"lz4", Opener::stream, ARCHIVE_FILTER_LZ4},
    {"compress", Opener::stream, ARCHIVE_FILTER_COMPRESS},
    {"ace"},
    {"alz"},
    {"arj"},
    {"chm"},
    {"dmg"},
    {"egg"},
    {"exfat"},
    {"ext"},
    {"lrzip"},
    {"lzop"},
    {"ntfs"},
    {"qcow"},
    {"rpm"},
    {"stuffit"},
    {"udf"},
    {"vhd", Opener::vhd, 0},
    {"vhdx"},
    {"vmdk"},
    {"wim"},
    {"xar"}, // libarchive reads it, but by libxml2, and adds octets to members (ADR 0006)
    {"zoo"},
    {"zpaq"},
});

const Format* format_named(std::string_view name)
{
    const auto* row = std::ranges::find(formats, name, &Format::name);
    return row == formats.end() ? nullptr : &*row;
}

// Signatures that decide by themselves.
struct Signature {
    std::size_t offset;
    std::string_view octets;
    std::string_view format;
};

constexpr auto signatures = std::to_array<Signature>({
    {0, "PK\x03\x04"sv, "zip"},
    {0, "PK\x05\x06"sv, "zip"},           // an empty one
    {0, "PK\x07\x08PK\x03\x04"sv, "zip"}, // first part of a split one
    {0, "PK00PK\x03\x04"sv, "zip"},       // split, but of one part (WinZip)
    {0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "ole"},
    {0, "7z\xBC\xAF\x27\x1C"sv, "7z"},
    {0, "Rar!\x1A\x07\x00"sv, "rar"},
    {0, "Rar!\x1A\x07\x01\x00"sv, "rar5"},
    {0, "MSCF\x00\x00\x00\x00"sv, "cab"},
    {0, "\xFD\x37zXZ\x00"sv, "xz"},
    {0, "LZIP\x01"sv, "lzip"},
    {0, "\x28\xB5\x2F\xFD"sv, "zstd"},
    {0, "\x04\x22\x4D\x18"sv, "lz4"},
    {0, "\x02\x21\x4C\x18"sv, "lz4"}, // the frame of old tools
    {0, "!<arch>\n"sv, "ar"},
    {0, "xar!\x00\x1C"sv, "xar"},
    {7, "**ACE**"sv, "ace"},
    {0, "ALZ\x01"sv, "alz"},
    {0, "ITSF\x03\x00\x00\x00"sv, "chm"},
    {0, "EGGA"sv, "egg"},
    {0, "LRZI"sv, "lrzip"},
    {0, "\x89LZO\x00\x0D\x0A\x1A\x0A"sv, "lzop"},
    {0, "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3"sv, "onenote"},
    {0, "\x4C\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46"sv, "shortcut"},
    {0, "\xED\xAB\xEE\xDB"sv, "rpm"},
    {0, "StuffIt (c)"sv, "stuffit"},
    {0, "\x78\x9F\x3E\x22"sv, "tnef"},
    {0, "{\\rt"sv, "rtf"}, // Word asks for no more
    {0, "vhdxfile"sv, "vhdx"},
    {0, "KDMV"sv, "vmdk"},
    {0, "QFI\xFB"sv, "qcow"},
    {3, "NTFS    "sv, "ntfs"},
    {3, "EXFAT   "sv, "exfat"},
    {0, "MSWIM\x00\x00\x00"sv, "wim"},
    {20, "\xDC\xA7\xC4\xFD"sv, "zoo"},
    {0, "7kSt\xA0\x31\x83\xD3"sv, "zpaq"},
    {32769, "CD001"sv, "iso"},
    {32769, "BEA01"sv, "udf"}, // without an ISO 9660 side
});

struct Check {
    bool (*holds)(ByteView);
    std::string_view format;
};

constexpr auto checks = std::to_array<Check>({
    {is_gzip, "gzip"},
    {is_bzip2, "bzip2"},
    {is_compress, "compress"},
    {is_zstd_behind_skippable_frame, "zstd"},
    {is_lha, "lha"},
    {is_arj, "arj"},
    {is_tar, "tar"},
    {is_text_cpio, "cpio"},
    {is_binary_cpio, "cpio"},
    {is_lzma, "lzma"},
    {is_vhd, "vhd"},
    {is_dmg, "dmg"},
    {is_fat, "fat"},
    {is_partitioned_disk, "partitioned disk"},
    {is_ext, "ext"},
    {is_pdf, "pdf"},
    {is_internet_shortcut, "internet shortcut"},
    {is_calendar, "calendar"},
    {is_svg, "svg"},
    {is_cms, "cms"},
    {is_office_xml, "office xml"},
});

struct Appended {
    std::string_view octets;
    bool (*holds)(ByteView);
    std::string_view format;
};

constexpr auto appended = std::to_array<Appended>({
    {"7z\xBC\xAF\x27\x1C"sv, is_7z_header, "7z"},
    {"Rar!\x1A\x07\x01\x00"sv, is_rar5_header, "rar5"},
    {"Rar!\x1A\x07\x00"sv, is_rar_header, "rar"},
    {"MSCF\x00\x00\x00\x00"sv, is_cab_header, "cab"},
});

Located locate_behind_program(ByteView bytes)
{
    if (!has_at(bytes, 0, "MZ"sv) && !has_at(bytes, 0, "\x7F\x45LF"sv)) {
        return {};
    }
    const auto text = base::as_text(bytes);
    for (const auto& row : appended) {
        for (auto at = text.find(row.octets); at != text.npos; at = text.find(row.octets, at + 1)) {
            if (row.holds(bytes.subspan(at))) {
                return {format_named(row.format), at};
            }
        }
    }
    return {};
}

} // namespace

Located locate_container(ByteView bytes)
{
    for (const auto& row : signatures) {
        if (has_at(bytes, row.offset, row.octets)) {
            return {format_named(row.format), 0};
        }
    }
    for (const auto& row : checks) {
        if (row.holds(bytes)) {
            return {format_named(row.format), 0};
        }
    }
    if (ends_in_zip_directory(bytes)) { // its reader takes the whole: offsets may count from 0
        return {format_named("zip"), 0};
    }
    return locate_behind_program(bytes);
}

} // namespace watchpost::unpack
