// What an extension promises to the one who sees it, and to the program that opens it. Immutable.
#pragma once

#include <cstdint>
#include <string_view>

namespace watchpost::inspect::attachment {

enum class ExtensionKind : std::uint8_t {
    unknown,
    program,           // machine code, installers, Java archives
    script,            // Windows runs it on a double click
    unix_script,       // runs where an interpreter is told to
    shortcut,          // lnk and its relatives
    internet_shortcut, // url
    help_file,
    disk_image,
    onenote,
    office,       // cannot hold macros, or old formats that need not
    macro_office, // says that it may hold macros
    pdf,
    rtf,
    html,
    image,
    media,
    text,
    archive
};

/// `extension` in lower case, without the dot.
[[nodiscard]] ExtensionKind kind_of_extension(std::string_view extension) noexcept;

/// The kind that a declared media type ("image/png", lower case) promises.
[[nodiscard]] ExtensionKind kind_of_media_type(std::string_view media_type) noexcept;

/// Something that opening starts.
[[nodiscard]] bool is_active(ExtensionKind kind) noexcept;

/// What people open without a thought: documents, pictures, sound, text, archives.
[[nodiscard]] bool is_harmless_to_the_eye(ExtensionKind kind) noexcept;

} // namespace watchpost::inspect::attachment
