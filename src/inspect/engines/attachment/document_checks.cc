#include "inspect/engines/attachment/document_checks.h"

#include <string>

#include "base/ascii.h"
#include "diag/quote.h"
#include "inspect/engines/attachment/file_name.h"
#include "inspect/engines/attachment/office_streams.h"
#include "inspect/engines/attachment/relationships.h"
#include "inspect/engines/attachment/vba_source.h"
#include "inspect/engines/attachment/workbook.h"
#include "unpack/dde_formula.h"
#include "unpack/ole_package.h"
#include "unpack/vba_module.h"

namespace watchpost::inspect::attachment {

namespace {

using std::string_view;

string_view last_of(string_view member) noexcept
{
    const auto cut = member.rfind('/');
    return cut == string_view::npos ? member : member.substr(cut + 1);
}

string_view folder_of(string_view member) noexcept
{
    const auto cut = member.rfind('/');
    return cut == string_view::npos ? string_view{} : last_of(member.substr(0, cut));
}

/// ASCII case ignored: Office ignores it in names of streams and members.
bool equal(string_view a, string_view b) noexcept
{
    return base::equals_ignoring_case(a, b);
}

bool ends_with(string_view text, string_view end) noexcept
{
    return text.size() >= end.size() && equal(text.substr(text.size() - end.size()), end);
}

std::string in_member(const Leaf& leaf)
{
    return "in \"" + diag::quote(member_of(leaf.path)) + '"';
}

/// A name that promises a format without macros, or RTF, which Word opens whatever is inside.
bool hides_macros(const Container& document) noexcept
{
    const FileName& name = document.name;
    if (name.kind == ExtensionKind::rtf) {
        return true;
    }
    if (name.kind != ExtensionKind::office) {
        return false;
    }
    return document.kind == FileKind::zip || name.extension.ends_with('x');
}

void tell_disguise(const Leaf& leaf, Containers& containers, Reporter& reporter)
{
    Container* const document = containers.find(containers.document_of(parent_of(leaf.path)));
    if (document != nullptr && hides_macros(*document)) {
        reporter.about_document("attachment.macro_disguised",
                                "macros " + in_member(leaf) + " of \"" +
                                    diag::quote(document->filename) + '"');
    }
}

/// What starts by itself and what does harm may stand in different modules of one document.
void check_source(const Leaf& leaf, string_view source, Containers& containers, Reporter& reporter)
{
    Container unknown;
    Container* const known = containers.find(containers.document_of(parent_of(leaf.path)));
    Container& document = known != nullptr ? *known : unknown;
    if (document.autoexec.empty()) {
        document.autoexec = find_autoexec(source);
    }
    if (document.suspicious.empty()) {
        document.suspicious = find_suspicious(source);
    }
    if (document.autoexec.empty()) {
        return;
    }
    const std::string start = '"' + std::string{document.autoexec} + '"';
    if (document.suspicious.empty()) {
        reporter.about_document("attachment.macro_autoexec", start + ' ' + in_member(leaf));
    } else {
        reporter.about_document("attachment.macro_suspicious",
                                start + " and \"" + std::string{document.suspicious} + "\" " +
                                    in_member(leaf));
    }
}

std::string describe_code(const std::optional<VbaModule>& module)
{
    if (!module) {
        return "code whose source cannot be read ";
    }
    return module->source.size() < unpack::vba_source_bytes_max
               ? "code "
               : "code too long to be read in full ";
}

void check_module(const Leaf& leaf, Containers& containers, Reporter& reporter)
{
    const auto module = unpack::read_vba_module(leaf.bytes);
    if (module && is_empty_module(*module)) {
        return;
    }
    reporter.about_document("attachment.macro", describe_code(module) + in_member(leaf));
    if (module) {
        check_source(leaf, module->source, containers, reporter);
    }
    tell_disguise(leaf, containers, reporter);
}

/// [MS-OVBA] §2.2: the storage "VBA" holds "dir", "_VBA_PROJECT", caches and one stream a module.
void check_vba(const Leaf& leaf, Containers& containers, Reporter& reporter)
{
    const string_view member = member_of(leaf.path);
    const string_view stream = last_of(member);
    if (unpack::is_vba_module_path(member)) {
        check_module(leaf, containers, reporter);
    } else if (equal(folder_of(member), "VBA") &&
               (equal(stream, "dir") || equal(stream, "_VBA_PROJECT"))) {
        reporter.about_document("attachment.macro_project", in_member(leaf));
    }
}

void check_package(const Leaf& leaf, Reporter& reporter)
{
    const auto package = unpack::read_ole_package(leaf.bytes);
    if (!package) {
        return;
    }
    const FileKind kind = detect_kind(package->data);
    const string_view shown = package->path.empty() ? package->label : package->path;
    const std::string detail =
        '"' + diag::quote(shown) + "\", " + std::string{describe(kind)} + ", " + in_member(leaf);
    const bool is_dangerous = is_active(kind) || is_active(FileName::read(package->path).kind) ||
                              is_active(FileName::read(package->label).kind);
    reporter.about_document(
        is_dangerous ? "attachment.embedded_executable" : "attachment.embedded_object", detail);
}

/// Names that unpack gives to what nobody opens.
bool is_for_display(string_view name) noexcept
{
    return name == "picture" || name == "datastore" || name.starts_with("xfa/");
}

/// A file, or the data of another program, that lies in a text document and opens on a double
/// click.
void check_embedded(const Leaf& leaf, FileKind kind, Reporter& reporter)
{
    const std::string detail =
        '"' + diag::quote(leaf.filename) + "\", " + std::string{describe(kind)};
    const bool is_dangerous = is_active(kind) || is_active(FileName::read(leaf.filename).kind) ||
                              is_active(FileName::read(leaf.other_filename).kind);
    if (leaf.filename.starts_with("javascript/")) { // as unpack names what a PDF runs
        reporter.about_document("attachment.document_script", in_member(leaf));
    } else if (is_dangerous) {
        reporter.about_document("attachment.embedded_executable", detail);
    } else if (kind != FileKind::image && !is_for_display(leaf.filename)) {
        reporter.about_document("attachment.embedded_object", detail);
    }
}

/// Viewers open the image as a page: unpack names what runs then, and what is brought along.
void check_svg_member(const Leaf& leaf, FileKind kind, Reporter& reporter)
{
    if (ends_with(leaf.filename, ".js")) {
        reporter.about_document("attachment.svg_script", in_member(leaf));
    } else if (is_active(kind)) {
        reporter.about_document("attachment.embedded_executable",
                                std::string{describe(kind)} + ", " + in_member(leaf));
    }
}

void tell_encrypted(const Leaf& leaf, Reporter& reporter)
{
    reporter.about_document("attachment.encrypted_document", in_member(leaf));
    reporter.not_inspected_document("encrypted_document", in_member(leaf));
}

bool is_workbook_stream(string_view stream) noexcept
{
    return equal(stream, "Workbook") || equal(stream, "Book");
}

/// [MS-OFFCRYPTO] §2.3.5.4: "EncryptedSummary" stands beside an encrypted presentation. Of an
/// "EncryptedPackage" unpack tells, which may open it.
bool is_sign_of_encryption(string_view stream, base::ByteView bytes) noexcept
{
    if (equal(stream, "EncryptedSummary")) {
        return true;
    }
    if (equal(stream, "WordDocument")) {
        return is_encrypted_word(bytes);
    }
    return is_workbook_stream(stream) && is_encrypted_workbook(bytes);
}

void tell_dde(string_view command, Reporter& reporter)
{
    if (!command.empty()) {
        reporter.about_document("attachment.dde", '"' + diag::quote(command) + '"');
    }
}

/// Sheets and the names that run them stand in different members of a package.
void tell_macro_sheets(const Leaf& leaf, const WorkbookFacts& facts, Container& document,
                       Reporter& reporter)
{
    document.has_macro_sheet = document.has_macro_sheet || facts.has_macro_sheet;
    document.has_auto_name = document.has_auto_name || facts.has_auto_name;
    if (facts.has_hidden_macro_sheet) {
        reporter.about_document("attachment.xlm_autoexec", "a hidden sheet " + in_member(leaf));
    } else if (document.has_macro_sheet && document.has_auto_name) {
        reporter.about_document("attachment.xlm_autoexec",
                                "a name of the Auto_Open kind " + in_member(leaf));
    } else if (facts.has_macro_sheet) {
        reporter.about_document("attachment.xlm_macro", in_member(leaf));
    }
}

void check_ole_stream(const Leaf& leaf, Container& parent, Containers& containers,
                      Reporter& reporter)
{
    const string_view stream = last_of(member_of(leaf.path));
    if (is_sign_of_encryption(stream, leaf.bytes)) {
        tell_encrypted(leaf, reporter);
    } else if (is_workbook_stream(stream)) {
        const auto facts = read_workbook_stream(leaf.bytes);
        tell_macro_sheets(leaf, facts, parent, reporter);
        tell_dde(facts.dde, reporter);
    } else if (equal(stream, "%01Ole10Native")) {
        check_package(leaf, reporter);
    } else if (equal(stream, "PowerPoint Document")) {
        if (has_presentation_macros(leaf.bytes)) {
            reporter.about_document("attachment.macro", in_member(leaf));
            tell_disguise(leaf, containers, reporter);
        }
    } else {
        check_vba(leaf, containers, reporter);
    }
}

void check_relationships(const Leaf& leaf, Reporter& reporter)
{
    RelationshipReader reader{leaf.bytes};
    while (const auto relationship = reader.next()) {
        if (is_remote_template(*relationship)) {
            reporter.about_document("attachment.external_template",
                                    diag::quote(relationship->type) + " \"" +
                                        diag::quote(relationship->target) + "\" " +
                                        in_member(leaf));
            return;
        }
    }
}

void check_package_member(const Leaf& leaf, FileKind kind, Container& parent,
                          Containers& containers, Reporter& reporter)
{
    const string_view member = member_of(leaf.path);
    if (ends_with(member, "vbaProject.bin") && kind == FileKind::ole) {
        parent.is_package = true;
        reporter.about_document("attachment.macro_project", in_member(leaf));
        tell_disguise(leaf, containers, reporter);
    } else if (ends_with(member, ".rels")) {
        check_relationships(leaf, reporter);
    } else if (equal(last_of(member), "[Content_Types].xml")) {
        WorkbookFacts facts;
        facts.has_macro_sheet = declares_macro_sheet(leaf.bytes);
        tell_macro_sheets(leaf, facts, parent, reporter);
    } else if (ends_with(member, "workbook.xml") || ends_with(member, "workbook.bin")) {
        WorkbookFacts facts;
        facts.has_auto_name = has_auto_name(leaf.bytes);
        tell_macro_sheets(leaf, facts, parent, reporter);
    } else if (ends_with(member, ".bin")) {
        tell_dde(dde_of_external_link(leaf.bytes), reporter);
    }
}

} // namespace

void check_member(const Leaf& leaf, FileKind kind, Container& parent, Containers& containers,
                  Reporter& reporter)
{
    if (parent.kind == FileKind::ole) {
        check_ole_stream(leaf, parent, containers, reporter);
    } else if (parent.kind == FileKind::zip) {
        check_package_member(leaf, kind, parent, containers, reporter);
    } else if (parent.kind == FileKind::rtf || parent.kind == FileKind::pdf) {
        return check_embedded(leaf, kind, reporter);
    } else if (parent.kind == FileKind::svg) {
        return check_svg_member(leaf, kind, reporter);
    }
    if (parent.is_package && is_active(kind)) {
        reporter.about_document("attachment.embedded_executable",
                                std::string{describe(kind)} + ", " + in_member(leaf));
    }
}

void check_sheet_text(const Leaf& leaf, const FileName& name, Reporter& reporter)
{
    constexpr std::size_t looked_at_bytes = std::size_t{4} << 20U;
    const auto text = base::as_text(base::slice(leaf.bytes, 0, looked_at_bytes));
    if (name.extension == "csv" || name.extension == "tsv" || name.extension == "slk") {
        const auto formula = unpack::find_dde_formula(text);
        if (!formula.empty()) {
            reporter.about_leaf("attachment.dde", '"' + diag::quote(formula) + '"');
        }
    }
    const auto facts = read_sylk(text); // Excel knows it by its beginning, whatever the name
    if (facts.has_auto_name) {
        reporter.about_leaf("attachment.xlm_autoexec", "a name of the Auto_Open kind in SYLK");
    } else if (facts.has_macro_sheet) {
        reporter.about_leaf("attachment.xlm_macro", "in SYLK");
    }
}

} // namespace watchpost::inspect::attachment
