#include "pipeline/scan_text.h"

#include <algorithm>
#include <string_view>

#include "diag/quote.h"
#include "verdict/finding_table.h"
#include "verdict/gap_table.h"

namespace watchpost::pipeline {
namespace {

constexpr std::size_t listed_max = 50; // of one kind; the JSON has them all

std::string where(std::string_view part)
{
    return part.empty() ? "the whole message" : "part " + diag::quote(part);
}

std::string more(std::size_t count)
{
    return count <= listed_max ? ""
                               : "    … and " + std::to_string(count - listed_max) +
                                     " more; --json lists them all.\n";
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
std::string identity(const model::MessageModel& message)
{
    std::string text;
    if (message.sender) {
        text += "    From:    " + diag::quote(message.sender->display_name) +
                (message.sender->display_name.empty() ? "<" : " <") +
                diag::quote(message.sender->email.email) + ">\n";
    }
    if (!message.subject.empty()) {
        text += "    Subject: " + diag::quote(message.subject) + '\n';
    }
    return text;
}

/// The same kind of finding in many parts is explained once.
std::string finding_text(const verdict::Finding& finding, bool is_explained)
{
    const auto* row = verdict::find_row(finding.id);
    std::string text =
        "  * " + std::string{to_string(finding.importance)} + ", " + where(finding.part) + ": ";
    text += row != nullptr ? std::string{row->sentence} : diag::quote(finding.id);
    text += '\n';
    if (finding.rule != finding.id) {
        text += "    Rule: " + diag::quote(finding.rule) + '\n';
    }
    if (!finding.detail.empty()) {
        text += "    Seen: " + requote(finding.detail) + '\n';
    }
    if (row != nullptr && is_explained) {
        text += "    What to do: " + std::string{row->advice} + '\n';
    }
    return text;
}

std::string findings_text(const std::vector<verdict::Finding>& findings)
{
    std::string text;
    for (std::size_t i = 0; i < findings.size() && i < listed_max; ++i) {
        const bool is_last_of_its_kind =
            i + 1 == std::min(findings.size(), listed_max) || findings[i + 1].id != findings[i].id;
        text += finding_text(findings[i], is_last_of_its_kind);
    }
    return text + more(findings.size());
}

std::string gaps_text(const std::vector<verdict::NotInspected>& gaps)
{
    std::string text;
    for (std::size_t i = 0; i < gaps.size() && i < listed_max; ++i) {
        const auto& gap = gaps[i];
        const auto* row = verdict::find_gap(gap.reason);
        text += "  - not inspected" + (gap.engine.empty() ? "" : " by " + diag::quote(gap.engine)) +
                ", " + where(gap.part) + ": " +
                (row != nullptr ? std::string{row->sentence} : diag::quote(gap.reason)) + '\n';
        if (!gap.detail.empty()) {
            text += "    Why: " + requote(gap.detail) + '\n';
        }
        const bool is_last_of_its_kind =
            i + 1 == std::min(gaps.size(), listed_max) || gaps[i + 1].reason != gap.reason;
        if (row != nullptr && is_last_of_its_kind) {
            text += "    What to do: " + std::string{row->advice} + '\n';
        }
    }
    return text + more(gaps.size());
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
    if (is_clean) {
        return text;
    }
    return text + identity(scan.report.message) + findings_text(scan.verdict.findings) +
           gaps_text(scan.verdict.not_inspected) + '\n';
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
