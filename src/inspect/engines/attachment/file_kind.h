// What bytes are by their own first octets, for the kinds that matter to an attack.
//
// Does not depend on libmagic: its data base may be missing, and an attacker knows how to please
// it. Reads at most the first few kilobytes; every read is bounds-checked. Thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::inspect::attachment {

enum class FileKind : std::uint8_t {
    unknown,
    // programs
    windows_program, // MZ with a PE, NE or LE header, or a plausible DOS header
    elf_program,
    mach_program,
    java_class,
    windows_installer, // OLE with the installer's class id
    // what runs by other means
    windows_shortcut, // LNK
    unix_script,      // "#!"
    html_application, // <hta:application
    help_file,        // CHM
    disk_image,       // ISO 9660, UDF, VHD, VHDX
    onenote,
    // documents
    ole,
    zip,
    rtf,
    pdf,
    svg,
    html,
    // other archives and pictures
    archive,
    image
};

/// As it stands in a finding's detail: "a Windows program".
[[nodiscard]] std::string_view describe(FileKind kind) noexcept;

[[nodiscard]] FileKind detect_kind(base::ByteView bytes) noexcept;

/// Machine code, in whatever format.
[[nodiscard]] bool is_program(FileKind kind) noexcept;

/// A program, or something else that runs what it says when it is opened.
[[nodiscard]] bool is_active(FileKind kind) noexcept;

} // namespace watchpost::inspect::attachment
