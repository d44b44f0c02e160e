#include "inspect/engines/attachment/attachment_engine.h"

#include <utility>

#include "diag/quote.h"
#include "inspect/engines/attachment/containers.h"
#include "inspect/engines/attachment/document_checks.h"
#include "inspect/engines/attachment/file_kind.h"
#include "inspect/engines/attachment/file_name.h"
#include "inspect/engines/attachment/name_checks.h"
#include "inspect/engines/attachment/office_streams.h"
#include "inspect/engines/attachment/reporter.h"
#include "verdict/finding_table.h"

namespace watchpost::inspect {

namespace {

using namespace attachment;

/// An office format by its name, or by the member that every OOXML package has and every
/// OpenDocument or EPUB file begins with.
bool is_package(FileKind kind, const FileName& name, base::ByteView bytes)
{
    if (kind == FileKind::ole) {
        return !is_outlook_message(bytes); // whose members are attachments
    }
    if (kind == FileKind::rtf || kind == FileKind::pdf || kind == FileKind::svg) {
        return true;
    }
    if (kind != FileKind::zip) {
        return false;
    }
    constexpr std::size_t name_offset = 30; // in a local file header
    // Packages are written with this member first, or nearly so.
    const std::string_view head = base::as_text(base::slice(bytes, 0, 4096));
    return name.kind == ExtensionKind::office || name.kind == ExtensionKind::macro_office ||
           head.find("[Content_Types].xml") != std::string_view::npos ||
           head.find("mimetypeapplication/") == name_offset;
}

bool is_container(FileKind kind) noexcept
{
    return kind == FileKind::ole || kind == FileKind::zip || kind == FileKind::archive ||
           kind == FileKind::disk_image || kind == FileKind::rtf || kind == FileKind::pdf ||
           kind == FileKind::svg || is_active(kind);
}

class AttachmentEngine final : public Engine {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "attachment"; }

    void on_message(base::ByteView /*raw*/, const Budget& /*budget*/,
                    FindingSink& /*sink*/) override
    {
        containers_.clear();
        has_told_limit_ = false;
    }

    void on_leaf(const Leaf& leaf, const Budget& budget, FindingSink& sink) override;
    void on_reference(const Referrer& document, const unpack::Reference& reference,
                      FindingSink& sink) override;
    void on_unopened(const Unopened& container, FindingSink& sink) override;

private:
    void remember(const Leaf& leaf, FileKind kind, const FileName& name, FindingSink& sink);

    Containers containers_;
    bool has_told_limit_ = false;
};

void AttachmentEngine::remember(const Leaf& leaf, FileKind kind, const FileName& name,
                                FindingSink& sink)
{
    if (!is_container(kind)) {
        return;
    }
    Container container;
    container.kind = kind;
    container.name = name;
    container.filename = leaf.filename;
    container.is_package = is_package(kind, name, leaf.bytes);
    if (!containers_.remember(leaf.path, std::move(container)) && !has_told_limit_) {
        has_told_limit_ = true;
        sink.add(verdict::NotInspected{
            std::string{leaf.path}, "attachment", "limit_containers",
            "what lies in this container and in later ones is judged by its bytes alone"});
    }
}

/// What lies in a program or an installer is judged with it.
bool is_part_of_program(const Container* parent) noexcept
{
    return parent != nullptr &&
           (is_active(parent->kind) || parent->name.kind == ExtensionKind::program);
}

bool opens_code(ExtensionKind kind) noexcept
{
    return kind >= ExtensionKind::program && kind <= ExtensionKind::onenote;
}

/// Programs differ in which of two names they show: the leaf under the name that would run.
Leaf under_worse_name(Leaf leaf)
{
    const bool is_worse = !leaf.other_filename.empty() &&
                          opens_code(FileName::read(leaf.other_filename).kind) &&
                          !opens_code(FileName::read(leaf.filename).kind);
    if (is_worse) {
        std::swap(leaf.filename, leaf.other_filename);
    }
    return leaf;
}

/// A password of the operator is a secret; one of the message stands in the message.
void tell_password(const unpack::Password& password, Reporter& reporter)
{
    const std::string source{password.source};
    if (password.origin == unpack::Password::Origin::settings) {
        reporter.about_document("attachment.encrypted_archive",
                                "opened with a password of " + source);
    } else if (password.origin == unpack::Password::Origin::program) {
        reporter.about_document("attachment.encrypted_document",
                                "opened with the password of " + source);
    } else {
        reporter.about_document("attachment.password_in_message", "opened with the password \"" +
                                                                      diag::quote(password.text) +
                                                                      "\" from " + source);
    }
}

void AttachmentEngine::on_leaf(const Leaf& shown_leaf, const Budget& /*budget*/, FindingSink& sink)
{
    const Leaf leaf = under_worse_name(shown_leaf);
    const FileKind kind = detect_kind(leaf.bytes);
    const FileName name = FileName::read(leaf.filename);
    Container* const parent = containers_.find(parent_of(leaf.path));
    Reporter reporter{leaf, containers_, sink};

    if (leaf.password != nullptr) {
        tell_password(*leaf.password, reporter);
    }
    if (!is_part_of_program(parent)) {
        if (parent != nullptr) {
            check_member(leaf, kind, *parent, containers_, reporter);
        }
        const bool is_stream = parent != nullptr && parent->is_package; // nobody sees its name
        // A stored message is named by its subject, which is no file name.
        const bool is_file = leaf.origin != Origin::message || is_active(kind);
        if (is_file && !is_stream) {
            check_file(leaf, name, kind, reporter);
            check_sheet_text(leaf, name, reporter);
        }
    }
    remember(leaf, kind, name, sink);
}

/// Empty for links: they stand among those of the message.
std::string_view finding_of(unpack::Reference::Kind kind) noexcept
{
    switch (kind) {
    case unpack::Reference::Kind::link:
        return {};
    case unpack::Reference::Kind::form:
        return "attachment.submit_form";
    case unpack::Reference::Kind::load:
        return "attachment.external_template";
    case unpack::Reference::Kind::launch:
        return "attachment.launch_action";
    case unpack::Reference::Kind::dde:
        return "attachment.dde";
    }
    return {};
}

void AttachmentEngine::on_reference(const Referrer& document, const unpack::Reference& reference,
                                    FindingSink& sink)
{
    const auto id = finding_of(reference.kind);
    if (id.empty()) {
        return;
    }
    const std::string within =
        std::string{document.path} + '!'; // anything that lies in the document
    Leaf leaf;
    leaf.path = within;
    leaf.reading = document.reading;
    Reporter{leaf, containers_, sink}.about_document(id, '"' + diag::quote(reference.target) + '"');
}

void AttachmentEngine::on_unopened(const Unopened& container, FindingSink& sink)
{
    if (container.reason == "encrypted_document") {
        auto finding = verdict::make_finding("attachment.encrypted_document");
        finding.part = container.path;
        finding.detail = '"' + diag::quote(container.filename) + '"';
        sink.add(std::move(finding));
    }
    if (container.reason != "encrypted_archive") {
        return;
    }
    Leaf leaf;
    leaf.path = container.path;
    leaf.filename = container.filename;
    Reporter reporter{leaf, containers_, sink};
    const std::string detail = '"' + diag::quote(container.filename) + '"';
    // An archive of a thousand encrypted members is one finding.
    const bool is_member = containers_.find(container.path) == nullptr &&
                           containers_.find(parent_of(container.path)) != nullptr;
    if (is_member) {
        reporter.about_document("attachment.encrypted_archive", detail);
    } else {
        reporter.about_leaf("attachment.encrypted_archive", detail);
    }
}

} // namespace

std::unique_ptr<Engine> make_attachment_engine()
{
    return std::make_unique<AttachmentEngine>();
}

} // namespace watchpost::inspect
