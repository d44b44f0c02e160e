#include "pipeline/scan_text.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "diag/quote.h"
#include "message/defect_table.h"
#include "verdict/finding_table.h"
#include "verdict/gap_table.h"

namespace watchpost::pipeline {
namespace {

// The JSON has them all.
constexpr std::size_t kinds_told_max = 50;
constexpr std::size_t told_of_a_kind_max = 5;

std::string where(std::string_view part)
{
    return part.empty() ? "the whole message" : "part " + diag::quote(part);
}

std::string more(std::size_t count, std::size_t told_max, std::string_view what)
{
    return count <= told_max ? ""
                             : "    … and " + std::to_string(count - told_max) + " more" +
                                   std::string{what} + "; --json lists them all\n";
}

/// What is of one kind stands together, so that it is explained once; kinds in the order in which
/// they first appear.
template <typename Item, typename KindOf>
std::vector<std::vector<const Item*>> by_kind(const std::vector<Item>& items, KindOf kind_of)
{
    std::vector<std::vector<const Item*>> kinds;
    std::map<std::string, std::size_t> places;
    for (const Item& item : items) {
        const auto [place, is_new] = places.try_emplace(kind_of(item), kinds.size());
        if (is_new) {
            kinds.emplace_back();
        }
        kinds[place->second].push_back(&item);
    }
    return kinds;
}

std::string advice(const verdict::Finding& finding)
{
    const auto* row = verdict::find_row(finding.id);
    return row == nullptr ? "" : "    What to do: " + std::string{row->advice} + '\n';
}

std::string advice(const verdict::NotInspected& gap)
{
    const auto* row = verdict::find_gap(gap.reason);
    return row == nullptr ? "" : "    What to do: " + std::string{row->advice} + '\n';
}

/// Each kind: its first items, how many more there are, what to do.
template <typename Item, typename TextOf>
std::string kinds_text(const std::vector<std::vector<const Item*>>& kinds, TextOf text_of)
{
    std::string text;
    for (std::size_t i = 0; i < kinds.size() && i < kinds_told_max; ++i) {
        const auto& kind = kinds[i];
        for (std::size_t k = 0; k < kind.size() && k < told_of_a_kind_max; ++k) {
            text += text_of(*kind[k]);
        }
        text += more(kind.size(), told_of_a_kind_max, " of this kind") + advice(*kind.front());
    }
    return text + more(kinds.size(), kinds_told_max, " kinds");
}

std::string headline(const verdict::Verdict& verdict)
{
    const bool is_partial = verdict.inspected == verdict::Inspected::partial;
    if (verdict.outcome == verdict::Outcome::detected) {
        return "DETECTED, importance " + std::string{to_string(verdict.importance)} +
               (is_partial ? "; inspected only in part" : "");
    }
    return is_partial ? "nothing detected, but inspected only in part" : "clean";
}

/// Who sent what, for the reader to recognise the message.
std::string mailbox_text(const model::Mailbox& mailbox)
{
    return diag::quote(mailbox.display_name) + (mailbox.display_name.empty() ? "<" : " <") +
           diag::quote(mailbox.email.email) + ">";
}

/// "as journal report from <exchange@corp.example>"; a plain copy is the message itself.
std::string arrival_text(const model::Copy& copy)
{
    std::string form = diag::quote(copy.form);
    std::ranges::replace(form, '_', ' ');
    return "as " + form + " from " +
           (copy.arrived.sender ? mailbox_text(*copy.arrived.sender) : "nobody");
}

std::string identity(const model::MessageModel& message)
{
    std::string text;
    if (message.sender) {
        text += "    From:    " + mailbox_text(*message.sender) + '\n';
    }
    if (message.copy && message.copy->form != "plain") {
        text += "    Arrived: " + arrival_text(*message.copy) + '\n';
    }
    if (!message.subject.empty()) {
        text += "    Subject: " + diag::quote(message.subject) + '\n';
    }
    return text;
}

std::string finding_text(const verdict::Finding& finding)
{
    const auto* row = verdict::find_row(finding.id);
    std::string text =
        "  * " + std::string{to_string(finding.importance)} + ", " + where(finding.part) + ": " +
        (row != nullptr ? std::string{row->sentence} : diag::quote(finding.id)) + '\n';
    if (finding.rule != finding.id) {
        text += "    Rule: " + diag::quote(finding.rule) + '\n';
    }
    if (!finding.detail.empty()) {
        text += "    Seen: " + requote(finding.detail) + '\n';
    }
    return text;
}

std::string gap_text(const verdict::NotInspected& gap)
{
    const auto* row = verdict::find_gap(gap.reason);
    std::string text =
        "  - not inspected" + (gap.engine.empty() ? "" : " by " + diag::quote(gap.engine)) + ", " +
        where(gap.part) + ": " +
        (row != nullptr ? std::string{row->sentence} : diag::quote(gap.reason)) + '\n';
    if (!gap.detail.empty()) {
        text += "    Why: " + requote(gap.detail) + '\n';
    }
    return text;
}

std::string findings_text(const std::vector<verdict::Finding>& findings)
{
    const auto kind_of = [](const verdict::Finding& finding) {
        return finding.id + '\n' + finding.rule;
    };
    return kinds_text(by_kind(findings, kind_of), finding_text);
}

std::string gaps_text(const std::vector<verdict::NotInspected>& gaps)
{
    const auto kind_of = [](const verdict::NotInspected& gap) {
        return gap.engine + '\n' + gap.reason;
    };
    return kinds_text(by_kind(gaps, kind_of), gap_text);
}

/// Defects by which content is hidden from some mail programs: worth a look in a clean message,
/// too.
std::string structure_text(const std::vector<inspect::DefectInfo>& defects)
{
    std::string text;
    std::size_t count = 0;
    for (const auto& defect : defects) {
        const auto* const row = message::find_defect(defect.id);
        if (row == nullptr || row->importance != message::DefectImportance::high ||
            message::leaves_gap(defect.id)) { // a gap is told as such
            continue;
        }
        if (++count <= told_of_a_kind_max) {
            text +=
                "  ! structure, " + where(defect.part) + ": " + std::string{row->sentence} + '\n';
        }
    }
    return text + more(count, told_of_a_kind_max, "");
}

std::string counted(std::size_t count, std::string_view what)
{
    return count == 0 ? "" : ", " + std::to_string(count) + ' ' + std::string{what};
}

} // namespace

std::string requote(std::string_view text)
{
    constexpr std::size_t bytes_max = 2048;
    const std::string doubled = diag::quote(text, bytes_max);
    std::string single;
    for (std::size_t at = 0; at < doubled.size(); ++at) {
        single += doubled[at];
        const bool is_pair =
            doubled[at] == '\\' && at + 1 < doubled.size() && doubled[at + 1] == '\\';
        at += is_pair ? 1 : 0;
    }
    return single;
}

std::string to_text(const ScanReport& scan)
{
    std::string text = diag::quote(scan.file, 4096) + ": " + headline(scan.verdict) + '\n';
    const bool is_clean = scan.verdict.outcome == verdict::Outcome::clean &&
                          scan.verdict.inspected == verdict::Inspected::full;
    const std::string structure = structure_text(scan.report.defects);
    if (is_clean && structure.empty()) {
        return text;
    }
    return text + identity(scan.report.message) + findings_text(scan.verdict.findings) +
           gaps_text(scan.verdict.not_inspected) + structure + '\n';
}

void ScanCounts::count(const verdict::Verdict& verdict) noexcept
{
    if (verdict.outcome == verdict::Outcome::detected) {
        ++detected;
    } else if (verdict.inspected == verdict::Inspected::partial) {
        ++partial;
    } else {
        ++clean;
    }
}

int ScanCounts::exit_code() const noexcept
{
    return failed > 0 ? 3 : detected > 0 ? 1 : partial > 0 ? 2 : 0;
}

std::string to_text(const ScanCounts& counts)
{
    std::string text =
        std::to_string(counts.all()) + (counts.all() == 1 ? " message" : " messages");
    text += counted(counts.detected, "detected");
    text += counted(counts.partial, "inspected only in part");
    text += counted(counts.clean, "clean");
    text += counted(counts.failed, "not readable");
    if (const auto comma = text.find(','); comma != std::string::npos) {
        text[comma] = ':';
    }
    return text + ".\n";
}

} // namespace watchpost::pipeline
