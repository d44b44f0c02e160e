#include "inspect/engines/attachment/name_checks.h"

#include <algorithm>
#include <string>

#include "diag/quote.h"
#include "inspect/engines/attachment/office_streams.h"

namespace watchpost::inspect::attachment {

namespace {

bool is_in_archive(const Leaf& leaf) noexcept
{
    return leaf.path.find('!') != std::string_view::npos;
}

std::string named(const Leaf& leaf)
{
    return leaf.filename.empty() ? "the part without a name"
                                 : "the file \"" + diag::quote(leaf.filename) + '"';
}

std::string is_really(const Leaf& leaf, FileKind kind)
{
    std::string text = named(leaf) + " is " + std::string{describe(kind)};
    if (kind == FileKind::unknown && !leaf.real_type.empty()) {
        text += " (" + diag::quote(leaf.real_type) + " by libmagic)";
    }
    return text;
}

void check_characters(const Leaf& leaf, const FileName& name, Reporter& reporter)
{
    if (name.turns_direction) {
        reporter.about_leaf("attachment.bidi_name", "name \"" + diag::quote(leaf.filename) + '"');
    }
    if (name.has_invisible_characters) {
        reporter.about_leaf("attachment.invisible_characters",
                            "name \"" + diag::quote(leaf.filename) + '"');
    }
    if (name.has_double_extension) {
        reporter.about_leaf("attachment.double_extension",
                            "name \"" + diag::quote(leaf.filename) + '"');
    }
    if (name.is_padded) {
        reporter.about_leaf("attachment.padded_name", "name \"" + diag::quote(leaf.filename) + '"');
    }
}

/// What the recipient is told that it is: by the name, or, where that says nothing, by the type.
ExtensionKind claim_of(const Leaf& leaf, const FileName& name)
{
    return name.kind != ExtensionKind::unknown ? name.kind : kind_of_media_type(leaf.declared_type);
}

/// A program that calls itself audio or a picture is one of the oldest tricks; mailers that declare
/// "text/plain" for everything are not.
bool is_disguised(const Leaf& leaf, const FileName& name)
{
    const ExtensionKind declared = kind_of_media_type(leaf.declared_type);
    return is_harmless_to_the_eye(claim_of(leaf, name)) || is_harmless_to_the_eye(declared);
}

bool is_container_or_page(FileKind kind) noexcept
{
    return kind == FileKind::zip || kind == FileKind::ole || kind == FileKind::archive ||
           kind == FileKind::rtf || kind == FileKind::html || kind == FileKind::disk_image ||
           kind == FileKind::onenote;
}

/// Office formats pass for each other by custom (RTF or HTML named .doc), so only what none of them
/// is counts there.
bool misleads(ExtensionKind claim, FileKind kind) noexcept
{
    switch (claim) {
    case ExtensionKind::image:
    case ExtensionKind::media:
    case ExtensionKind::pdf:
        return is_container_or_page(kind);
    case ExtensionKind::office:
    case ExtensionKind::macro_office:
    case ExtensionKind::rtf:
    case ExtensionKind::text:
    case ExtensionKind::html:
        return kind == FileKind::archive || kind == FileKind::disk_image ||
               kind == FileKind::onenote;
    case ExtensionKind::archive:
        return kind == FileKind::disk_image || kind == FileKind::onenote ||
               kind == FileKind::html || kind == FileKind::rtf;
    case ExtensionKind::unknown:
    case ExtensionKind::program:
    case ExtensionKind::script:
    case ExtensionKind::unix_script:
    case ExtensionKind::shortcut:
    case ExtensionKind::internet_shortcut:
    case ExtensionKind::help_file:
    case ExtensionKind::disk_image:
    case ExtensionKind::onenote:
        return false;
    }
    return false;
}

/// ".com" is also how host names end; a page or picture saved under one is no program.
bool is_program_by_name(const FileName& name, FileKind kind) noexcept
{
    if (name.kind != ExtensionKind::program) {
        return false;
    }
    const bool is_other = kind == FileKind::html || kind == FileKind::image ||
                          kind == FileKind::pdf || kind == FileKind::rtf;
    return !(name.extension == "com" && is_other);
}

/// The address in an internet shortcut's "URL=" line; for people.
std::string shortcut_target(base::ByteView bytes)
{
    const std::string_view text =
        base::as_text(bytes.first(std::min<std::size_t>(bytes.size(), 65'536)));
    const auto start = text.find("URL=");
    if (start == std::string_view::npos) {
        return "no address in it";
    }
    const std::string_view rest = text.substr(start + 4);
    return "leads to " + diag::quote(rest.substr(0, rest.find_first_of("\r\n")));
}

/// The one finding that says most about what the file would do; true where there was one.
bool check_active(const Leaf& leaf, const FileName& name, FileKind kind, Reporter& reporter)
{
    const bool archived = is_in_archive(leaf);
    if (is_active(kind) && is_disguised(leaf, name)) {
        reporter.about_leaf("attachment.disguised_executable",
                            is_really(leaf, kind) + ", declared \"" +
                                diag::quote(leaf.declared_type) + '"');
    } else if (is_program(kind) || is_program_by_name(name, kind)) {
        reporter.about_leaf(archived ? "attachment.executable_in_archive" : "attachment.executable",
                            is_really(leaf, kind));
    } else if (kind == FileKind::windows_shortcut || name.kind == ExtensionKind::shortcut) {
        reporter.about_leaf("attachment.shortcut", is_really(leaf, kind));
    } else if (kind == FileKind::html_application || name.kind == ExtensionKind::script) {
        reporter.about_leaf(archived ? "attachment.script_in_archive" : "attachment.script",
                            is_really(leaf, kind));
    } else if (kind == FileKind::help_file || name.kind == ExtensionKind::help_file) {
        reporter.about_leaf("attachment.help_file", is_really(leaf, kind));
    } else {
        return false;
    }
    return true;
}

base::ByteView find_embedding(const Leaf& leaf, FileKind kind)
{
    return kind == FileKind::onenote ? find_onenote_embedding(leaf.bytes) : base::ByteView{};
}

} // namespace

void check_file(const Leaf& leaf, const FileName& name, FileKind kind, Reporter& reporter)
{
    check_characters(leaf, name, reporter);
    if (check_active(leaf, name, kind, reporter)) {
        return;
    }
    if (misleads(claim_of(leaf, name), kind)) {
        reporter.about_leaf("attachment.type_mismatch", is_really(leaf, kind) + ", declared \"" +
                                                            diag::quote(leaf.declared_type) + '"');
    }
    if (kind == FileKind::disk_image || name.kind == ExtensionKind::disk_image) {
        reporter.about_leaf("attachment.disk_image", is_really(leaf, kind));
    }
    const base::ByteView embedded = find_embedding(leaf, kind);
    if (!embedded.empty()) {
        reporter.about_leaf("attachment.onenote_embedded_file",
                            std::string{describe(detect_kind(embedded))} + " in " + named(leaf));
    }
    if (name.kind == ExtensionKind::internet_shortcut) {
        reporter.about_leaf("attachment.internet_shortcut",
                            named(leaf) + ' ' + shortcut_target(leaf.bytes));
    }
    if (kind == FileKind::unix_script || name.kind == ExtensionKind::unix_script) {
        reporter.about_leaf("attachment.unix_script", is_really(leaf, FileKind::unix_script));
    }
}

} // namespace watchpost::inspect::attachment
