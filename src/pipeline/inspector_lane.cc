#include "pipeline/inspector_lane.h"

#include <utility>

#include "diag/quote.h"

namespace watchpost::pipeline {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

inspect::Report report_of_gap(std::string reason, std::string detail)
{
    inspect::Report report;
    report.not_inspected.push_back({"", "", std::move(reason), std::move(detail)});
    return report;
}

inspect::Report report_of_input(const base::Error& error)
{
    const bool is_too_large = error.code() == ErrorCode::limit_exceeded;
    return report_of_gap(is_too_large ? "limit_message_bytes" : "message_unreadable",
                         diag::quote(error.describe()));
}

} // namespace

InspectorLane::InspectorLane(const InspectorSettings& settings)
    : settings_{settings}
    , scanners_{settings.make_scanners ? settings.make_scanners() : decltype(scanners_){}}
{
}

InspectorLane::~InspectorLane() = default;

Result<protocol::Ready> InspectorLane::start()
{
    const auto leaves =
        scanners_.empty() ? InspectorDialogue::Leaves::none : InspectorDialogue::Leaves::exported;
    auto process = InspectorProcess::spawn(settings_, leaves);
    if (!process) {
        return base::fail(std::move(process.error()).during("start an inspector"));
    }
    if (!replace(std::move(*process))) {
        return base::fail(ErrorCode::cancelled, Retry::never, "the inspectors are being stopped");
    }
    auto ready = process_->wait_until_ready(settings_.configuration);
    if (!ready) {
        static_cast<void>(replace(nullptr));
        return base::fail(std::move(ready.error()).during("start an inspector"));
    }
    return ready;
}

/// False where everything stops; then there is no process.
bool InspectorLane::replace(std::unique_ptr<InspectorProcess> process)
{
    std::unique_ptr<InspectorProcess> old; // ends after the lock is released
    const std::lock_guard lock{mutex_};
    old = std::exchange(process_, is_cancelled_ ? nullptr : std::move(process));
    return !is_cancelled_;
}

bool InspectorLane::is_cancelled()
{
    const std::lock_guard lock{mutex_};
    return is_cancelled_;
}

void InspectorLane::cancel()
{
    const std::lock_guard lock{mutex_};
    is_cancelled_ = true;
    if (process_) {
        process_->cancel();
    }
}

std::optional<InspectorEnd> InspectorLane::make_ready()
{
    // One that ended while it had nothing to do has cost no message a try.
    if (process_ && !process_->has_ended() && !process_->is_worn_out()) {
        return std::nullopt;
    }
    if (const auto started = start(); !started) {
        return end_unavailable(started.error().describe());
    }
    return std::nullopt;
}

inspect::Report InspectorLane::inspect(MessageInput message)
{
    const auto ready = message.make_ready(settings_.limits.message_bytes_max);
    if (!ready) {
        return report_of_input(ready.error());
    }
    return inspect_ready(*ready);
}

InspectorProcess::Inspected InspectorLane::try_once(const ReadyMessage& message, LeafScans& scans)
{
    auto end = make_ready();
    if (!end) {
        auto report = process_->inspect(message, scans);
        if (report) {
            return report;
        }
        end = std::move(report.error());
        static_cast<void>(replace(nullptr));
    }
    return tl::unexpected{is_cancelled() ? end_unavailable("the inspectors are being stopped")
                                         : std::move(*end)};
}

inspect::Report InspectorLane::inspect_ready(const ReadyMessage& message)
{
    std::string ends;
    for (int tries = 1;; ++tries) {
        LeafScans scans{scanners_, settings_.limits};
        scans.add_whole(message.file); // the engines outside can look at it whatever comes
        auto report = try_once(message, scans);
        if (!report) {
            ends += (ends.empty() ? "" : "; then: ") + report.error().detail;
            if (tries < tries_max && !is_cancelled()) {
                continue;
            }
            report = report_of_gap(std::move(report.error().reason), ends);
        }
        if (!is_cancelled()) {
            scans.complete(*report, settings_.limits.report);
        }
        return std::move(*report);
    }
}

} // namespace watchpost::pipeline
