#include "inspect/engines/attachment/reporter.h"

#include <utility>

#include "verdict/finding_table.h"

namespace watchpost::inspect::attachment {

void Reporter::about_leaf(std::string_view id, std::string detail)
{
    verdict::Finding finding = verdict::make_finding(id);
    const std::string_view parent = parent_of(leaf_.path);
    Container* const archive = parent.empty() ? nullptr : containers_.find_or_remember(parent);
    if (archive != nullptr) {
        const std::size_t count = ++archive->told[verdict::find_row(id)->id];
        if (count > told_a_container_max) {
            return;
        }
        if (count == told_a_container_max) {
            detail += "; more of this kind in the same archive are not told";
        }
    }
    finding.part = leaf_.path;
    finding.reading = leaf_.reading;
    finding.detail = std::move(detail);
    sink_.add(std::move(finding));
}

void Reporter::about_document(std::string_view id, std::string detail)
{
    const std::string_view path = containers_.document_of(parent_of(leaf_.path));
    verdict::Finding finding = verdict::make_finding(id);
    Container* const document = containers_.find(path);
    if (document != nullptr && document->told[verdict::find_row(id)->id]++ > 0) {
        return;
    }
    finding.part = path;
    finding.reading = leaf_.reading;
    finding.detail = std::move(detail);
    sink_.add(std::move(finding));
}

void Reporter::not_inspected_document(std::string_view reason, std::string detail)
{
    const std::string_view path = containers_.document_of(parent_of(leaf_.path));
    sink_.add(verdict::NotInspected{std::string{path}, {}, std::string{reason}, std::move(detail)});
}

} // namespace watchpost::inspect::attachment
