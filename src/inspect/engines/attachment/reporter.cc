#include "inspect/engines/attachment/reporter.h"

#include <utility>

#include "verdict/finding_table.h"

namespace watchpost::inspect::attachment {

void Reporter::about_leaf(std::string_view id, std::string detail)
{
    verdict::Finding finding = verdict::make_finding(id);
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
    if (document != nullptr && !document->told.insert(verdict::find_row(id)->id).second) {
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
