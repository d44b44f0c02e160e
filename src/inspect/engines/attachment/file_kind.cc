#include "inspect/engines/attachment/file_kind.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/assert.h"
#include "inspect/engines/attachment/little_endian.h"

namespace watchpost::inspect::attachment {

namespace {

using base::ByteView;
using namespace std::string_view_literals;

bool has_at(ByteView bytes, std::size_t offset, std::string_view magic) noexcept
{
    return base::as_text(base::slice(bytes, offset, magic.size())) == magic;
}

struct Magic {
    FileKind kind;
    std::size_t offset;
    std::string_view octets;
};

constexpr std::size_t iso_descriptor = 32'769; // ECMA-119 §8.1: sector 16, octet 1

constexpr std::array magics{
    Magic{FileKind::elf_program, 0, "\177ELF"sv},
    Magic{FileKind::mach_program, 0, "\xFE\xED\xFA\xCE"sv},
    Magic{FileKind::mach_program, 0, "\xFE\xED\xFA\xCF"sv},
    Magic{FileKind::mach_program, 0, "\xCE\xFA\xED\xFE"sv},
    Magic{FileKind::mach_program, 0, "\xCF\xFA\xED\xFE"sv},
    // [MS-SHLLINK] §2.1: header size, then the class id of shell links
    Magic{FileKind::windows_shortcut, 0, "\x4C\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46"sv},
    Magic{FileKind::help_file, 0, "ITSF\x03\0\0\0"sv},
    Magic{FileKind::disk_image, 0, "conectix"sv},
    Magic{FileKind::disk_image, 0, "vhdxfile"sv},
    Magic{FileKind::disk_image, iso_descriptor, "CD001"sv},
    Magic{FileKind::disk_image, iso_descriptor, "BEA01"sv}, // UDF: ECMA-167 part 2 §9
    // [MS-ONESTORE] §2.3.1: guidFileType of a .one section
    Magic{FileKind::onenote, 0,
          "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3"sv},
    Magic{FileKind::zip, 0, "PK\x03\x04"sv},
    Magic{FileKind::zip, 0, "PK\x05\x06"sv},
    Magic{FileKind::zip, 0, "PK00PK\x03\x04"sv},
    Magic{FileKind::archive, 0, "Rar!\x1A\x07"sv},
    Magic{FileKind::archive, 0, "7z\xBC\xAF\x27\x1C"sv},
    Magic{FileKind::archive, 0, "MSCF\0\0\0\0"sv},
    Magic{FileKind::archive, 0, "\x1F\x8B\x08"sv},
    Magic{FileKind::archive, 0,
          "\xFD"
          "7zXZ\0"sv},
    Magic{FileKind::archive, 0, "\x28\xB5\x2F\xFD"sv},
    Magic{FileKind::archive, 0, "**ACE**"sv},
    Magic{FileKind::archive, 7, "**ACE**"sv},
    Magic{FileKind::image, 0, "\x89PNG\r\n\x1A\n"sv},
    Magic{FileKind::image, 0, "\xFF\xD8\xFF"sv},
    Magic{FileKind::image, 0, "GIF87a"sv},
    Magic{FileKind::image, 0, "GIF89a"sv},
    Magic{FileKind::image, 8, "WEBP"sv},
};

/// Fields of the DOS header that a text beginning with "MZ" cannot have by chance.
bool is_plausible_dos_header(ByteView bytes) noexcept
{
    const auto last_page_bytes = little_u16(bytes, 2);
    const auto pages = little_u16(bytes, 4);
    const auto header_paragraphs = little_u16(bytes, 8);
    return last_page_bytes && pages && header_paragraphs && *last_page_bytes < 512 && *pages > 0 &&
           *header_paragraphs > 0 && *header_paragraphs < 4096;
}

bool is_windows_program(ByteView bytes) noexcept
{
    if (!has_at(bytes, 0, "MZ")) {
        return false;
    }
    const auto new_header = little_u32(bytes, 0x3C);
    if (new_header && (has_at(bytes, *new_header, "PE\0\0"sv) || has_at(bytes, *new_header, "NE") ||
                       has_at(bytes, *new_header, "LE"))) {
        return true;
    }
    return is_plausible_dos_header(bytes);
}

/// 0xCAFEBABE is shared: a fat Mach-O counts its architectures where a class file has its version,
/// which is 45 or more (JVMS §4.1).
FileKind cafebabe_kind(ByteView bytes) noexcept
{
    if (!has_at(bytes, 0, "\xCA\xFE\xBA\xBE"sv) || bytes.size() < 8) {
        return FileKind::unknown;
    }
    const auto low = std::to_integer<unsigned>(bytes[7]);
    return has_at(bytes, 4, "\0\0\0"sv) && low < 45 ? FileKind::mach_program : FileKind::java_class;
}

constexpr std::string_view ole_magic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv;

/// The class id of the root entry: [MS-CFB] §2.2 (sector shift at 30, first directory sector at
/// 48), §2.6.1 (class id at 80).
FileKind ole_kind(ByteView bytes) noexcept
{
    constexpr auto installer = "\x84\x10\x0C\0\0\0\0\0\xC0\0\0\0\0\0\0\x46"sv;
    const auto shift = little_u16(bytes, 30);
    const auto sector = little_u32(bytes, 48);
    if (!shift || !sector || (*shift != 9 && *shift != 12)) {
        return FileKind::ole;
    }
    const std::uint64_t root = (std::uint64_t{*sector} + 1) << *shift; // 32 + 12 bits: no overflow
    return has_at(bytes, root + 80, installer) ? FileKind::windows_installer : FileKind::ole;
}

/// The text from its first visible character on, lower-case, without a byte order mark; UTF-16 is
/// narrowed, since Windows opens such scripts and pages as well.
class TextHead {
public:
    explicit TextHead(ByteView bytes) noexcept
    {
        const bool wide = has_at(bytes, 0, "\xFF\xFE"sv);
        std::size_t at = wide ? 2 : has_at(bytes, 0, "\xEF\xBB\xBF"sv) ? 3 : 0;
        for (; at < bytes.size() && size_ < head_.size(); at += wide ? 2 : 1) {
            const auto octet = std::to_integer<unsigned char>(bytes[at]);
            if (size_ > 0 || std::isspace(octet) == 0) {
                head_.at(size_++) = static_cast<char>(std::tolower(octet));
            }
        }
    }

    [[nodiscard]] std::string_view text() const noexcept { return {head_.data(), size_}; }

private:
    std::array<char, 4096> head_{};
    std::size_t size_ = 0;
};

FileKind text_kind(ByteView bytes) noexcept
{
    const TextHead head{bytes};
    const std::string_view text = head.text();
    if (text.starts_with('<') && text.find("<hta:application") != std::string_view::npos) {
        return FileKind::html_application;
    }
    for (const auto start : {"<!doctype html"sv, "<html"sv, "<head"sv, "<body"sv, "<script"sv}) {
        if (text.starts_with(start)) {
            return FileKind::html;
        }
    }
    const bool may_declare = text.starts_with("<?xml") || text.starts_with("<!");
    const bool is_svg =
        text.starts_with("<svg") || (may_declare && text.find("<svg") != std::string_view::npos);
    return is_svg ? FileKind::svg : FileKind::unknown;
}

/// "#!" and a path: RFC-less custom of Unix kernels. The path keeps texts that begin so out.
bool is_unix_script(ByteView bytes) noexcept
{
    const std::string_view text =
        base::as_text(bytes.first(std::min<std::size_t>(bytes.size(), 64)));
    return text.starts_with("#!/") || text.starts_with("#! /");
}

} // namespace

std::string_view describe(FileKind kind) noexcept
{
    switch (kind) {
    case FileKind::unknown:
        return "data of an unknown kind";
    case FileKind::windows_program:
        return "a Windows program";
    case FileKind::elf_program:
        return "a Linux or Unix program (ELF)";
    case FileKind::mach_program:
        return "a macOS program (Mach-O)";
    case FileKind::java_class:
        return "Java byte code";
    case FileKind::windows_installer:
        return "a Windows installer package (MSI)";
    case FileKind::windows_shortcut:
        return "a Windows shortcut (LNK)";
    case FileKind::unix_script:
        return "a Unix script";
    case FileKind::html_application:
        return "an HTML application (HTA)";
    case FileKind::help_file:
        return "a compiled help file (CHM)";
    case FileKind::disk_image:
        return "a disk image";
    case FileKind::onenote:
        return "a OneNote section";
    case FileKind::ole:
        return "an OLE document";
    case FileKind::zip:
        return "a ZIP archive";
    case FileKind::rtf:
        return "an RTF document";
    case FileKind::pdf:
        return "a PDF document";
    case FileKind::svg:
        return "an SVG image";
    case FileKind::html:
        return "an HTML page";
    case FileKind::archive:
        return "an archive";
    case FileKind::image:
        return "an image";
    }
    WP_UNREACHABLE("file kind out of range");
}

FileKind detect_kind(ByteView bytes) noexcept
{
    if (is_windows_program(bytes)) {
        return FileKind::windows_program;
    }
    if (has_at(bytes, 0, ole_magic)) {
        return ole_kind(bytes);
    }
    const auto* const magic = std::ranges::find_if(
        magics, [&](const Magic& row) { return has_at(bytes, row.offset, row.octets); });
    if (magic != magics.end()) {
        return magic->kind;
    }
    if (const FileKind kind = cafebabe_kind(bytes); kind != FileKind::unknown) {
        return kind;
    }
    if (is_unix_script(bytes)) {
        return FileKind::unix_script;
    }
    // Word opens anything that begins with "{\rt"; readers find "%PDF" in the first kilobyte.
    if (has_at(bytes, 0, "{\\rt")) {
        return FileKind::rtf;
    }
    if (base::as_text(base::slice(bytes, 0, 1024)).find("%PDF-") != std::string_view::npos) {
        return FileKind::pdf;
    }
    return text_kind(bytes);
}

bool is_program(FileKind kind) noexcept
{
    return kind == FileKind::windows_program || kind == FileKind::elf_program ||
           kind == FileKind::mach_program || kind == FileKind::java_class ||
           kind == FileKind::windows_installer;
}

bool is_active(FileKind kind) noexcept
{
    return is_program(kind) || kind == FileKind::windows_shortcut ||
           kind == FileKind::html_application || kind == FileKind::help_file;
}

} // namespace watchpost::inspect::attachment
