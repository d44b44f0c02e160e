#include "app/scan/scan_run.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

#include "pipeline/scan_text.h"

namespace watchpost::app {
namespace {

/// Where not even the first octet of the message could be had, the scan of it has failed.
std::optional<base::Error> unreadable(const inspect::Report& report)
{
    const auto gap = std::ranges::find_if(report.not_inspected, [](const auto& candidate) {
        return candidate.part.empty() && candidate.reason == "message_unreadable";
    });
    if (gap == report.not_inspected.end()) {
        return std::nullopt;
    }
    return base::Error{base::ErrorCode::io_failed, base::Retry::later,
                       pipeline::requote(gap->detail)};
}

} // namespace

bool ScanRun::take(ScanItem item)
{
    Pending pending;
    pending.name = std::move(item.name);
    pending.gaps = std::move(item.gaps);
    if (item.input) {
        item.input->set_copies(copies_);
        pending.report = pool_.submit(std::move(*item.input));
    } else {
        pending.error = item.input.error();
    }
    pending_.push_back(std::move(pending));
    const auto is_done = [](const Pending& front) {
        return front.error ||
               front.report.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
    };
    while (!pending_.empty() && (is_done(pending_.front()) || pending_.size() > ahead_max_)) {
        tell_front();
    }
    return !output_.is_broken();
}

void ScanRun::finish()
{
    while (!pending_.empty() && !output_.is_broken()) {
        tell_front();
    }
    tell_joined();
}

void ScanRun::tell_front()
{
    Pending front = std::move(pending_.front());
    pending_.pop_front();
    if (front.error) {
        output_.tell_failure(front.name, *front.error);
        return;
    }
    auto report = front.report.get();
    if (const auto why = unreadable(report)) {
        output_.tell_failure(front.name, *why);
        return;
    }
    if (!report.pieces.empty() && pieces_.size() < pieces_max) {
        pieces_.push_back({front.name, report.pieces.front()});
    }
    std::ranges::move(front.gaps, std::back_inserter(report.not_inspected));
    output_.tell(pipeline::conclude(std::move(front.name), std::move(report)));
}

} // namespace watchpost::app
