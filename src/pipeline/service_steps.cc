// The way of one message through the service.
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "diag/quote.h"
#include "os/crash_point.h"
#include "pipeline/message_record.h"
#include "pipeline/service.h"

namespace watchpost::pipeline {

using base::ErrorCode;
using base::Retry;

namespace {

constexpr std::uint32_t awaiting_max = 1'000; // of one look; the next comes when they are done

std::string reasons_of(const store::MessageRecord& record, const verdict::Verdict& verdict)
{
    std::set<std::string> reasons;
    for (const verdict::NotInspected& gap : verdict.not_inspected) {
        reasons.insert(gap.reason);
    }
    std::string text = record.awaits_reinspection ? "inspected again later" : "";
    for (const std::string& reason : reasons) {
        text += (text.empty() ? "" : ", ") + reason;
    }
    return text;
}

bool has_ended_inspector(const verdict::NotInspected& gap)
{
    return gap.reason.starts_with("inspector_") && gap.reason != "inspector_unavailable";
}

} // namespace

void Service::begin(const spool::SpoolId& id)
{
    auto item = follower_.look_at(id);
    if (!item && item.error().code() == ErrorCode::not_found && !follower_.is_waiting(id)) {
        return; // settled meanwhile
    }
    if (!item && item.error().retry() == Retry::later) {
        return set_aside(id, item.error());
    }
    if (!item) {
        Job unknown;
        unknown.item.id = id;
        unknown.item.content = spool::ContentState::damaged;
        unknown.item.receipt.received_at = base::now();
        return finish_without_content(std::move(unknown), "message_unreadable",
                                      diag::quote(item.error().describe()));
    }
    Job job;
    job.item = std::move(*item);
    job.gaps = gaps_of(job.item);
    switch (job.item.content) {
    case spool::ContentState::stored:
        return begin_stored(std::move(job));
    case spool::ContentState::never_stored: {
        const verdict::NotInspected gap = job.gaps.front();
        job.gaps.clear();
        return finish_without_content(std::move(job), gap.reason, gap.detail);
    }
    case spool::ContentState::damaged:
    case spool::ContentState::removed:
        return finish_without_content(std::move(job), "message_unreadable",
                                      "the spool's copy of it does not check out");
    }
}

void Service::begin_stored(Job job)
{
    auto input = input_of(job.item);
    if (input) {
        return submit(std::move(job), std::move(*input));
    }
    if (input.error().retry() == Retry::later) {
        return set_aside(job.item.id, input.error());
    }
    job.item.content = spool::ContentState::damaged;
    finish_without_content(std::move(job), "message_unreadable",
                           diag::quote(input.error().describe()));
}

/// A small message is copied; a large one is checked and handed over as the file that it is.
base::Result<MessageInput> Service::input_of(const spool::SpoolItem& item) const
{
    const auto own_file = follower_.own_file(item.id);
    base::Bytes bytes;
    auto read = follower_.read(item, [&](base::ByteView piece) -> base::Result<void> {
        if (!own_file) {
            bytes.insert(bytes.end(), piece.begin(), piece.end());
        }
        return {};
    });
    if (!read) {
        return base::fail(std::move(read.error()));
    }
    if (!own_file) {
        return MessageInput::from_bytes(bytes);
    }
    const auto path = settings_.spool / *own_file;
    os::UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file.is_open()) {
        return base::fail(base::system_error("open " + path.native(), errno));
    }
    return MessageInput::from_own_file(std::move(file));
}

void Service::submit(Job job, MessageInput input)
{
    const spool::SpoolId id = job.item.id;
    input.set_copies(copies_in(job.item.receipt.key.mailbox));
    in_flight_.emplace(id, std::move(job));
    give(id, std::move(input));
}

void Service::give(const spool::SpoolId& id, MessageInput input)
{
    pool_->submit(std::move(input), [this, id](inspect::Report report) {
        const std::lock_guard lock{mutex_};
        if (!is_discarding_) {
            finished_.push_back({id, std::move(report)});
            changed_.notify_all();
        }
    });
}

void Service::finish_without_content(Job job, std::string reason, const std::string& detail)
{
    const spool::SpoolId id = job.item.id;
    if (job.item.content != spool::ContentState::never_stored) {
        log_.write("pipeline.message_damaged", {{"message", id.to_string()}, {"error", detail}});
        warn("damaged",
             "Message " + id.to_string() +
                 " cannot be read from the spool and is recorded as not inspected: " + detail);
    }
    in_flight_.emplace(id, std::move(job));
    const std::lock_guard lock{mutex_};
    finished_.push_back({id, report_without_content(std::move(reason), detail)});
}

void Service::look_for_reinspection()
{
    if (Clock::now() < reinspect_at_ || !again_.empty() || !pool_ || is_stopping_) {
        return;
    }
    const bool has_repeated = std::ranges::any_of(in_flight_, [](const auto& entry) {
        return entry.second.inspection == Inspection::repeated;
    });
    if (has_repeated || Clock::now() < resume_at_) {
        return;
    }
    reinspect_at_ = Clock::now() + settings_.reinspect_every;
    if (pieces_) {
        pieces_->expire(base::now());
        tell_given_up();
    }
    const auto skipped = static_cast<std::uint32_t>(unreadable_.size());
    auto waiting = sink_.awaiting(std::min(awaiting_max + skipped, 100'000U));
    if (!waiting) {
        return back_off("ask what is to be inspected again", waiting.error());
    }
    awaiting_ = waiting->size();
    if (may_reinspect_) {
        std::ranges::copy_if(*waiting, std::back_inserter(again_), [this](const auto& message) {
            return !unreadable_.contains(message.id) && !in_flight_.contains(message.id);
        });
    }
}

/// New messages come first: only what room they leave is used.
void Service::take_reinspection()
{
    while (!again_.empty() && may_take() && checked_.empty()) {
        Job job;
        job.item.id = again_.front().id;
        job.item.receipt.key.mailbox = again_.front().mailbox.to_string();
        job.inspection = Inspection::repeated;
        again_.pop_front();
        auto file = open_kept(settings_.content, job.item.id);
        if (file) {
            submit(std::move(job), MessageInput::from_own_file(std::move(*file)));
            continue;
        }
        unreadable_.insert(job.item.id);
        warn("kept", std::to_string(unreadable_.size()) +
                         " messages cannot be inspected again: " + file.error().describe());
    }
    if (!may_reinspect_) {
        again_.clear();
    }
}

void Service::collect()
{
    std::deque<Finished> finished;
    {
        const std::lock_guard lock{mutex_};
        finished.swap(finished_);
    }
    for (Finished& done : finished) {
        if (goes_on(in_flight_.at(done.id), done.report)) {
            continue;
        }
        Job job = std::move(in_flight_.extract(done.id).mapped());
        std::ranges::move(job.gaps, std::back_inserter(done.report.not_inspected));
        auto scan = conclude({}, std::move(done.report));
        for (const verdict::NotInspected& gap : scan.verdict.not_inspected) {
            if (has_ended_inspector(gap)) {
                log_.write("pipeline.inspector_failed",
                           {{"message", done.id.to_string()}, {"error", gap.detail}});
            }
        }
        const verdict::Verdict verdict = scan.verdict;
        auto record = make_record(job.item, std::move(scan), base::now());
        if (record.is_partial) {
            log_.write("pipeline.inspected_in_part", {{"message", done.id.to_string()},
                                                      {"reasons", reasons_of(record, verdict)}});
        }
        results_.push_back({std::move(job.item), std::move(record), job.inspection,
                            job.inspection == Inspection::repeated});
    }
}

void Service::hand_over()
{
    while (!results_.empty() && Clock::now() >= resume_at_) {
        if (!hand_over_one(results_.front())) {
            return;
        }
        results_.pop_front();
    }
}

/// False where it has to wait. What is kept is durable before anybody is told that it is.
bool Service::hand_over_one(Result& result)
{
    if (result.record.content_kept && !result.is_kept) {
        os::crash_point(os::CrashPoint::pipeline_before_keep);
        const auto kept = content_->keep(result.record.id, [&](const spool::ByteSink& sink) {
            return follower_.read(result.item, sink);
        });
        if (!kept && kept.error().code() != ErrorCode::damaged) {
            log_.write("pipeline.content_not_kept", {{"message", result.item.id.to_string()},
                                                     {"error", kept.error().describe()}});
            back_off("keep content", kept.error());
            return false;
        }
        result.record.content_kept = result.is_kept = kept.has_value();
        os::crash_point(os::CrashPoint::pipeline_after_keep);
    }
    os::crash_point(os::CrashPoint::pipeline_before_record);
    const auto recorded = sink_.record(result.record, result.inspection);
    if (!recorded && recorded.error().retry() == Retry::never) {
        set_aside(result.item.id, recorded.error());
        return true;
    }
    if (!recorded) {
        back_off("record results", recorded.error());
        return false;
    }
    os::crash_point(os::CrashPoint::pipeline_after_record);
    on_recorded(result, *recorded);
    return true;
}

void Service::on_recorded(const Result& result, const store::Recorded& recorded)
{
    pause_ = {};
    unwarn("waiting");
    follower_.drop(result.item.id);
    if (result.record.awaits_reinspection) {
        awaiting_ += result.inspection == Inspection::first ? 1 : 0;
        return;
    }
    if (result.inspection == Inspection::repeated) {
        awaiting_ -= awaiting_ > 0 ? 1 : 0;
    }
    // Kept by an earlier try that did not come to its end, or until now.
    if (!result.record.content_kept && !recorded.alert) {
        if (const auto removed = content_->remove(result.record.id); !removed) {
            warn("kept", "Kept content cannot be removed: " + removed.error().describe());
        }
    }
}

} // namespace watchpost::pipeline
