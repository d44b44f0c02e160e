// Leaves that are texts: in the charsets that programs read them in, and what they show.
#include <algorithm>
#include <utility>

#include "inspect/html_leaf.h"
#include "inspect/walk.h"
#include "message/embedded_files.h"
#include "message/text_links.h"
#include "verdict/finding_table.h"

namespace watchpost::inspect {

namespace {

constexpr std::size_t version_bytes_max = std::size_t{16} << 20U; // as UTF-8
constexpr std::size_t version_links_max = 1'000;

bool is_text(std::string_view declared_type, std::string_view real_type)
{
    return declared_type.starts_with("text/") || real_type.starts_with("text/");
}

} // namespace

void Walk::read_text(const Found& found, const crypto::Sha256& digest, std::size_t depth,
                     MemberPaths& below)
{
    const std::string& real_type = real_type_of(found, digest);
    const bool is_document = is_html(found.declared_type, found.filename, real_type);
    const bool has_versions =
        !found.is_version && (is_document || is_text(found.declared_type, real_type));
    const auto markup = is_document ? message::TextMarkup::html : message::TextMarkup::plain;
    const auto texts =
        has_versions ? message::read_versions(found.bytes, found.charset, markup, version_bytes_max)
                     : message::TextVersions{};
    const bool is_shown_decoded =
        std::ranges::any_of(texts.versions, &message::TextVersion::is_shown);
    if (is_document && !found.is_shown_html) {
        read_html(found, digest, depth, below);
    } else if (!found.is_shown_html && !is_shown_decoded) {
        look_for_codes(found, digest, std::nullopt, depth, below);
    }
    if (found.part != nullptr) {
        note_charsets(found, texts);
    }
    for (const message::TextVersion& version : texts.versions) {
        if (!walk_version(found, version, markup, depth, below)) {
            return;
        }
    }
}

void Walk::note_charsets(const Found& found, const message::TextVersions& texts)
{
    const auto note = [&](message::DefectId id, const std::string& detail) {
        const auto name = message::name_of(id);
        if (detail.empty() || !noted_.emplace(found.path, name).second) {
            return false;
        }
        report_.add(DefectInfo{std::string{name}, found.path, 0, detail});
        return true;
    };
    note(message::DefectId::charset_conflict, texts.conflict);
    note(message::DefectId::charset_unsuitable, texts.unsuitable);
    if (note(message::DefectId::utf7_text, texts.utf7)) {
        auto finding = verdict::make_finding("structure.utf7");
        finding.part = found.path;
        finding.reading = found.reading;
        report_.add(std::move(finding));
    }
}

/// The decoded text is a leaf below the one that it was read from; false where a limit is reached.
bool Walk::walk_version(const Found& found, const message::TextVersion& version,
                        message::TextMarkup markup, std::size_t depth, MemberPaths& below)
{
    if (!take_room_for_file(found, version.text.size(), "a text in other charsets")) {
        return false;
    }
    const bool is_document = markup == message::TextMarkup::html;
    const std::string name = "text in " + version.charset + (is_document ? ".html" : ".txt");
    Found text = find_in(found, below.claim(name), name, base::as_bytes(version.text));
    text.declared_type = is_document ? "text/html" : "text/plain";
    text.charset = "utf-8";
    text.is_version = true;
    text.is_shown_html = is_document && version.is_shown;
    walk_found(text, depth);
    if (version.was_cut) {
        report_.add(verdict::NotInspected{text.path, "", "limit_text_bytes",
                                          "more than " + std::to_string(version_bytes_max) +
                                              " bytes of text"});
    }
    if (!is_document && !version.is_shown && found.origin == Origin::body) {
        for (const auto link : message::find_text_links(version.text, version_links_max)) {
            report_.add(model::Link{std::string{link}, "", "text", text.path});
        }
    }
    return true;
}

/// Files that stand encoded inside a text are leaves below it, as those of an archive are. The text
/// can be an archive or a stored message as well: `below` keeps their paths apart.
void Walk::walk_embedded(const Found& text, std::size_t depth, MemberPaths& below)
{
    if (!message::may_hold_files(text.declared_type, text.filename)) {
        return;
    }
    std::vector<message::Defect> defects;
    const auto files = message::find_embedded_files(text.bytes, text.declared_type, text.path,
                                                    tools_.settings.message_limits, defects);
    for (const message::Defect& defect : defects) {
        add_defect(defect, defect.part, text.reading);
    }
    constexpr std::string_view kind = "files in a text";
    if (!files.empty() && depth >= tools_.settings.unpack_limits.depth_max) {
        add_unopened({text.path, text.filename, "limit_depth", kind});
        return;
    }
    for (const message::EmbeddedFile& file : files) {
        if (!take_room_for_file(text, file.bytes.size(), kind)) {
            return;
        }
        Found found = find_in(text, below.claim(file.name), file.name, file.bytes);
        found.origin = Origin::attachment;
        walk_found(found, depth + 1);
    }
}

} // namespace watchpost::inspect
