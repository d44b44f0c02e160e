#include "pipeline/leaf_scans.h"

#include <algorithm>
#include <utility>

#include "diag/quote.h"
#include "verdict/finding_table.h"
#include "verdict/gap_table.h"

namespace watchpost::pipeline {

using base::ErrorCode;

LeafScans::LeafScans(Scanners scanners, const InspectorLimits& limits)
    : scanners_{scanners}
    , is_down_(scanners.size(), false)
    , scan_time_max_{limits.scan_time_max}
    , scans_time_max_{limits.scans_time_max}
{
}

void LeafScans::add_whole(int fd)
{
    if (!scanners_.empty()) {
        waiting_.push_back({LeafArrived{"", "strict", {}}, fd, true});
    }
}

void LeafScans::add(LeafArrived leaf)
{
    const int fd = leaf.file.is_open() ? leaf.file.get() : -1;
    waiting_.push_back({std::move(leaf), fd, false});
}

bool LeafScans::scan_next()
{
    const Waiting item = std::move(waiting_.front());
    waiting_.pop_front();
    const auto began = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < scanners_.size(); ++i) {
        if (!is_down_[i]) {
            scan_by(i, item);
        }
    }
    spent_ += std::chrono::steady_clock::now() - began;
    return !item.is_whole;
}

void LeafScans::note_gap(std::string_view engine, std::string part, std::string_view reason,
                         std::string_view detail)
{
    gaps_.push_back(
        {std::move(part), std::string{engine}, std::string{reason}, diag::quote(detail)});
}

void LeafScans::scan_by(std::size_t index, const Waiting& item)
{
    inspect::LeafScanner& scanner = *scanners_[index];
    const std::string_view engine = scanner.name();
    if (item.fd < 0) {
        note_gap(engine, item.leaf.path, "engine_limit", "too large to be handed to the engine");
        return;
    }
    if (spent_ > scans_time_max_) {
        is_down_[index] = true;
        note_gap(engine, "", "engine_timed_out", "the time for all parts of the message is over");
        return;
    }
    const auto name = scanner.scan(item.fd, std::chrono::steady_clock::now() + scan_time_max_);
    if (!name && name.error().code() == ErrorCode::limit_exceeded) {
        note_gap(engine, item.leaf.path, verdict::gap_reason(name.error().code()),
                 name.error().message());
    } else if (!name) {
        // A leaf after a leaf would wait for the same time-out: once is enough for one message.
        is_down_[index] = true;
        note_gap(engine, "", verdict::gap_reason(name.error().code()), name.error().describe());
    } else if (!name->empty()) {
        auto finding = verdict::make_finding(std::string{engine} + ".signature");
        finding.rule = diag::to_valid_utf8(*name);
        finding.part = item.leaf.path;
        finding.reading = item.leaf.reading;
        finding.detail = diag::quote(*name);
        findings_.push_back(std::move(finding));
    }
}

void LeafScans::complete(inspect::Report& report, const inspect::ReportLimits& limits)
{
    while (has_waiting()) {
        scan_next();
    }
    const auto move_to = [](auto& from, auto& to, std::size_t count_max) {
        const std::size_t room = count_max - std::min(count_max, to.size());
        const auto end = from.begin() + static_cast<std::ptrdiff_t>(std::min(room, from.size()));
        to.insert(to.end(), std::move_iterator{from.begin()}, std::move_iterator{end});
        const bool is_whole = end == from.end();
        from.clear();
        return is_whole;
    };
    const bool has_all_findings = move_to(findings_, report.findings, limits.findings_max);
    const bool has_all_gaps = move_to(gaps_, report.not_inspected, limits.not_inspected_max);
    if (!has_all_findings || !has_all_gaps) {
        report.not_inspected.push_back({"", "", "limit_report_findings",
                                        "the engines outside the sandbox found more than a report "
                                        "may hold"});
    }
}

} // namespace watchpost::pipeline
