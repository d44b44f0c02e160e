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

namespace watchpost::inspect {

namespace {

using namespace attachment;

/// An office format by its name, or by the member that every OOXML package has.
bool is_package(FileKind kind, const FileName& name, base::ByteView bytes)
{
    if (kind == FileKind::ole) {
        return true;
    }
    if (kind != FileKind::zip) {
        return false;
    }
    // Packages are written with this member first, or nearly so.
    const std::string_view head = base::as_text(base::slice(bytes, 0, 4096));
    return name.kind == ExtensionKind::office || name.kind == ExtensionKind::macro_office ||
           head.find("[Content_Types].xml") != std::string_view::npos;
}

bool is_container(FileKind kind) noexcept
{
    return kind == FileKind::ole || kind == FileKind::zip || kind == FileKind::archive ||
           kind == FileKind::disk_image || is_active(kind);
}

class AttachmentEngine final : public Engine {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "attachment"; }

    void on_message(base::ByteView /*raw*/, const Budget& /*budget*/,
                    FindingSink& /*sink*/) override
    {
        containers_.clear();
    }

    void on_leaf(const Leaf& leaf, const Budget& budget, FindingSink& sink) override;
    void on_unopened(const Unopened& container, FindingSink& sink) override;

private:
    Containers containers_;
};

void AttachmentEngine::on_leaf(const Leaf& leaf, const Budget& /*budget*/, FindingSink& sink)
{
    const FileKind kind = detect_kind(leaf.bytes);
    const FileName name = FileName::read(leaf.filename);
    Container* const parent = containers_.find(parent_of(leaf.path));
    Reporter reporter{leaf, containers_, sink};

    if (leaf.was_encrypted) {
        reporter.about_document("attachment.encrypted_archive",
                                "opened with a password of the configured list");
    }
    // What lies in a program or an installer was judged with it.
    const bool is_judged_with_parent =
        parent != nullptr &&
        (is_active(parent->kind) || parent->name.kind == ExtensionKind::program);
    if (parent != nullptr && !is_judged_with_parent) {
        check_member(leaf, kind, *parent, containers_, reporter);
    }
    const bool is_document_stream = parent != nullptr && parent->is_package;
    if (leaf.origin != Origin::message && !is_judged_with_parent && !is_document_stream) {
        check_file(leaf, name, kind, reporter);
    }
    if (kind == FileKind::onenote && !find_onenote_embedding(leaf.bytes).empty()) {
        reporter.about_leaf("attachment.onenote_embedded_file",
                            std::string{describe(detect_kind(find_onenote_embedding(leaf.bytes)))});
    }
    if (is_container(kind)) {
        containers_.remember(
            leaf.path,
            Container{
                kind, name, std::string{leaf.filename}, is_package(kind, name, leaf.bytes), {}});
    }
}

void AttachmentEngine::on_unopened(const Unopened& container, FindingSink& sink)
{
    if (container.reason != "encrypted_archive") {
        return;
    }
    Leaf leaf;
    leaf.path = container.path;
    leaf.filename = container.filename;
    Reporter{leaf, containers_, sink}.about_leaf("attachment.encrypted_archive",
                                                 '"' + diag::quote(container.filename) + '"');
}

} // namespace

std::unique_ptr<Engine> make_attachment_engine()
{
    return std::make_unique<AttachmentEngine>();
}

} // namespace watchpost::inspect
