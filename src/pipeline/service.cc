// The loop and what drives it; service_steps.cc holds the steps of one message.
#include "pipeline/service.h"

#include <algorithm>
#include <utility>

#include "diag/quote.h"

namespace watchpost::pipeline {

Service::Service(ServiceSettings settings, RecordSink& sink, const diag::Log& log)
    : settings_{std::move(settings)}
    , sink_{sink}
    , log_{log}
    , follower_{settings_.spool}
    , thread_{[this] { run(); }}
{
}

Service::~Service()
{
    stop(Clock::now());
}

void Service::work()
{
    const std::lock_guard lock{mutex_};
    wants_look_ = has_changed_ = true;
    changed_.notify_all();
}

void Service::set_rules(RuleList rules)
{
    const std::lock_guard lock{mutex_};
    wanted_rules_ = std::move(rules);
    has_changed_ = true;
    changed_.notify_all();
}

void Service::set_copies(CopySettings copies)
{
    const std::lock_guard lock{mutex_};
    copies_ = std::move(copies);
}

model::CopySetting Service::copies_in(const std::string& mailbox) const
{
    const std::lock_guard lock{mutex_};
    const auto found = copies_.find(mailbox);
    return found == copies_.end() ? model::CopySetting::automatic : found->second;
}

void Service::reload()
{
    const std::lock_guard lock{mutex_};
    wants_reload_ = has_changed_ = true;
    changed_.notify_all();
}

void Service::set_engines_up(bool are_up)
{
    const std::lock_guard lock{mutex_};
    has_changed_ = has_changed_ || are_up != engines_are_up_;
    engines_are_up_ = are_up;
    changed_.notify_all();
}

void Service::stop(base::Deadline deadline)
{
    {
        const std::lock_guard lock{mutex_};
        stop_at_ = deadline;
        has_changed_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) {
        thread_.join();
    }
}

PipelineStatus Service::status() const
{
    const std::lock_guard lock{mutex_};
    return status_;
}

void Service::run()
{
    while (!is_done()) {
        take_wishes();
        renew_pool();
        collect();
        hand_over();
        look_into_spool();
        take_new();
        look_for_reinspection();
        take_reinspection();
        collect();
        publish();
        wait();
    }
    {
        const std::lock_guard lock{mutex_};
        is_discarding_ = true; // what is cut off now comes again
    }
    pool_.reset(); // by the thread that made it
}

bool Service::is_done()
{
    const std::lock_guard lock{mutex_};
    is_stopping_ = stop_at_.has_value();
    const bool is_idle = in_flight_.empty() && results_.empty() && finished_.empty();
    return is_stopping_ && (is_idle || Clock::now() >= *stop_at_);
}

void Service::wait()
{
    std::unique_lock lock{mutex_};
    const bool has_results = !results_.empty() && Clock::now() >= resume_at_;
    const bool goes_on = has_results || (may_take() && !checked_.empty());
    if (!goes_on) {
        const auto until = stop_at_ ? std::min(*stop_at_, next_time()) : next_time();
        changed_.wait_until(lock, until, [this] { return has_changed_ || !finished_.empty(); });
    }
    has_changed_ = false;
}

/// When something is due that nobody will tell us of.
base::Deadline Service::next_time() const
{
    base::Deadline next = reinspect_at_;
    if (!results_.empty() || !unchecked_.empty() || must_look_ || must_renew_) {
        next = std::min(next, std::max(resume_at_, Clock::now() + settings_.back_off_min));
    }
    next = std::min(next, renew_at_);
    return aside_.empty() ? next : std::min(next, aside_.begin()->first);
}

void Service::take_wishes()
{
    const std::lock_guard lock{mutex_};
    if (std::exchange(wants_look_, false)) {
        must_look_ = true;
        pause_ = {};
        resume_at_ = {};
    }
    if (wanted_rules_) {
        if (!pool_ || !are_rules_in_use_ || wanted_rules_->files != rules_.files) {
            must_renew_ = true;
            are_rules_in_use_ = false;
        }
        rules_ = std::move(*wanted_rules_);
        wanted_rules_.reset();
        used_revision_ = are_rules_in_use_ ? rules_.revision : used_revision_;
    }
    const bool reloads = std::exchange(wants_reload_, false) && pool_ != nullptr;
    must_renew_ = must_renew_ || reloads || renew_at_ <= Clock::now();
    if (must_renew_) {
        renew_at_ = base::Deadline::max();
    }
    if (engines_are_up_ && !std::exchange(may_reinspect_, engines_are_up_)) {
        reinspect_at_ = {}; // an engine is back
    }
    may_reinspect_ = engines_are_up_;
}

/// With the rules as they are wanted, once nothing is under way.
void Service::renew_pool()
{
    if (!must_renew_ || !in_flight_.empty() || Clock::now() < resume_at_) {
        return;
    }
    if (!content_) {
        auto opened = ContentFolder::open(settings_.content);
        if (!opened) {
            return back_off("open the folder of kept content", opened.error());
        }
        content_ = std::move(*opened);
    }
    if (!pieces_) {
        auto opened = PieceFolder::open(settings_.content / "pieces");
        if (!opened) {
            return back_off("open the folder of pieces", opened.error());
        }
        pieces_ = std::move(*opened);
    }
    must_renew_ = false;
    auto made = settings_.make_pool(rules_.files);
    if (made) {
        pool_ = std::move(*made);
        are_rules_in_use_ = true;
        used_revision_ = rules_.revision;
        unwarn("rules");
        log_.write("pipeline.rules_loaded", {{"files", std::to_string(rules_.files.size())}});
        return;
    }
    log_.write("pipeline.rules_refused", {{"error", made.error().describe()}});
    warn("rules", "The inspectors cannot be started with the present rules, those before are "
                  "used: " +
                      made.error().describe());
    if (made.error().code() != base::ErrorCode::invalid_argument) { // no fault of the rules
        renew_at_ = Clock::now() + settings_.reinspect_every;
    }
    if (pool_) {
        return;
    }
    made = settings_.make_pool({}); // better than inspecting nothing
    if (made) {
        pool_ = std::move(*made);
    } else {
        must_renew_ = true;
        back_off("start the inspectors", made.error());
    }
}

void Service::look_into_spool()
{
    while (!aside_.empty() && aside_.begin()->first <= Clock::now()) {
        checked_.push_back(aside_.begin()->second);
        aside_.erase(aside_.begin());
        unwarn("message");
    }
    if (!must_look_ || is_stopping_) {
        return;
    }
    const auto looked = follower_.refresh();
    if (!looked) {
        warn("spool", "The spool cannot be read: " + looked.error().describe());
        return back_off("read the spool", looked.error());
    }
    must_look_ = false;
    unwarn("spool");
    if (!follower_.damage().empty()) {
        const auto& first = follower_.damage().front();
        warn("damage", "The spool is damaged: " + std::to_string(follower_.damage().size()) +
                           " places, the first in " + first.file + " at octet " +
                           std::to_string(first.offset) + ": " + first.what);
    }
}

bool Service::has_room() const
{
    return in_flight_.size() + results_.size() < settings_.in_flight_max;
}

bool Service::may_take() const
{
    return pool_ && !must_renew_ && !is_stopping_ && has_room() && Clock::now() >= resume_at_;
}

void Service::take_new()
{
    while (may_take()) {
        if (checked_.empty() && !check_page()) {
            return;
        }
        if (!checked_.empty()) {
            const spool::SpoolId id = checked_.front();
            checked_.pop_front();
            begin(id);
        }
    }
}

/// Asks which of the next ones are recorded already; false where there are none, or no answer.
bool Service::check_page()
{
    if (unchecked_.empty()) {
        unchecked_ = follower_.take(RecordSink::ids_max);
    }
    if (unchecked_.empty()) {
        return false;
    }
    const auto known = sink_.recorded(unchecked_);
    if (!known) {
        back_off("ask what is recorded", known.error());
        return false;
    }
    const std::set<spool::SpoolId> recorded{known->begin(), known->end()};
    for (const spool::SpoolId& id : std::exchange(unchecked_, {})) {
        if (recorded.contains(id)) {
            follower_.drop(id);
        } else {
            checked_.push_back(id);
        }
    }
    return true;
}

void Service::back_off(std::string_view what, const base::Error& error)
{
    if (pause_.count() == 0) {
        log_.write("pipeline.waits", {{"error", std::string{what} + ": " + error.describe()}});
    }
    pause_ = std::clamp(pause_ * 2, settings_.back_off_min, settings_.back_off_max);
    resume_at_ = Clock::now() + pause_;
    warn("waiting",
         "Inspection waits, nothing is lost: " + std::string{what} + ": " + error.describe());
}

/// One message that cannot be dealt with now must not hold up the others.
void Service::set_aside(const spool::SpoolId& id, const base::Error& error)
{
    log_.write("pipeline.waits", {{"error", id.to_string() + ": " + error.describe()}});
    warn("message", "Message " + id.to_string() + " waits: " + error.describe());
    aside_.emplace(Clock::now() + settings_.reinspect_every, id);
}

void Service::warn(const std::string& about, std::string text)
{
    warnings_[about] = std::move(text);
}

void Service::unwarn(const std::string& about)
{
    warnings_.erase(about);
}

void Service::publish()
{
    PipelineStatus now;
    now.backlog = follower_.waiting();
    now.awaiting_reinspection = awaiting_;
    now.rules_revision = used_revision_;
    if (const auto oldest = follower_.oldest()) {
        now.oldest_at = time_of(*oldest);
    }
    for (const auto& [about, text] : warnings_) {
        now.warnings.push_back(text);
    }
    const std::lock_guard lock{mutex_};
    status_ = std::move(now);
}

} // namespace watchpost::pipeline
