#include "verdict/verdict.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "base/assert.h"
#include "verdict/finding_table.h"

namespace watchpost::verdict {

namespace {

auto identity(const Finding& finding)
{
    return std::make_tuple(finding.engine, finding.id, finding.rule, finding.part, finding.reading,
                           finding.detail);
}

auto identity(const NotInspected& gap)
{
    return std::make_tuple(gap.part, gap.engine, gap.reason, gap.detail);
}

/// Keeps the first of each; an archive that holds the same file twice is told twice by its parts.
template <typename T>
void drop_doubles(std::vector<T>& items)
{
    std::set<decltype(identity(std::declval<const T&>()))> seen;
    std::erase_if(items, [&](const T& item) { return !seen.insert(identity(item)).second; });
}

/// Findings of one importance stay in the order in which they came.
std::vector<Finding> highest_first(std::vector<Finding> findings)
{
    std::vector<Finding> sorted;
    sorted.reserve(findings.size());
    for (const auto importance :
         {Importance::high, Importance::medium, Importance::low, Importance::none}) {
        for (Finding& finding : findings) {
            if (finding.importance == importance) {
                sorted.push_back(std::move(finding));
            }
        }
    }
    return sorted;
}

} // namespace

std::string_view to_string(Outcome outcome) noexcept
{
    switch (outcome) {
    case Outcome::clean:
        return "clean";
    case Outcome::detected:
        return "detected";
    }
    WP_UNREACHABLE("outcome out of range");
}

std::string_view to_string(Inspected inspected) noexcept
{
    switch (inspected) {
    case Inspected::full:
        return "full";
    case Inspected::partial:
        return "partial";
    }
    WP_UNREACHABLE("inspected out of range");
}

Verdict combine(std::vector<Finding> findings, std::vector<NotInspected> not_inspected,
                const Policy& policy)
{
    Verdict verdict;
    for (Finding& finding : findings) {
        finding.importance = importance_of(finding);
        verdict.importance = std::max(verdict.importance, finding.importance);
    }
    drop_doubles(findings);
    drop_doubles(not_inspected);

    const Importance threshold = std::max(policy.detected_from, Importance::low);
    verdict.outcome = verdict.importance >= threshold ? Outcome::detected : Outcome::clean;
    verdict.inspected = not_inspected.empty() ? Inspected::full : Inspected::partial;
    verdict.findings = highest_first(std::move(findings));
    verdict.not_inspected = std::move(not_inspected);
    return verdict;
}

} // namespace watchpost::verdict
