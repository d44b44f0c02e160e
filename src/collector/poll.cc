#include "collector/poll.h"

#include <algorithm>
#include <utility>

#include "diag/quote.h"

namespace watchpost::collector {

using base::ErrorCode;
using base::Result;
using base::Retry;
using spool::Completeness;

Poll::Poll(const PollSurroundings& surroundings, RefusedLogins refused_logins)
    : around_{surroundings}
    , own_budget_{surroundings.limits.batches_bytes_max}
    , policy_{make_policy(surroundings.key, surroundings.settings, surroundings.intake)}
    , login_memory_{surroundings.store, surroundings.key.mailbox, surroundings.settings.server,
                    surroundings.credentials}
    , login_limiter_{refused_logins == RefusedLogins::remember ? login_memory_.load()
                                                               : LoginLimiter{}}
    , source_{surroundings.store, surroundings.key.mailbox}
    , stuck_{surroundings.store, surroundings.key.mailbox}
    , server_{surroundings.store, surroundings.settings.server, surroundings.settings.port}
    , facts_{server_.load(surroundings.clock())}
    , short_attempts_{surroundings.store, "short-messages", surroundings.key.mailbox}
    , folder_data_{surroundings.store, surroundings.key.mailbox}
    , fetch_again_{surroundings.store, surroundings.key}
    , left_out_{surroundings.store, surroundings.key}
    , uids_{surroundings.store, surroundings.key}
    , doubt_{surroundings.store, surroundings.key.mailbox}
    , stop_at_{std::chrono::steady_clock::now() + surroundings.limits.session_time_max}
{
}

PollReport Poll::run()
{
    note_first_try();
    while (true) {
        ++report_.links;
        auto next = run_link();
        if (!next) {
            report_.error = std::move(next).error();
            break;
        }
        if (*next == Next::over) {
            break;
        }
        if (*next == Next::next_session) {
            continue;
        }
        if (++broken_links_ == around_.limits.links_max) {
            report_.error = base::Error{ErrorCode::protocol_violation, Retry::later,
                                        "the server lost step in " + std::to_string(broken_links_) +
                                            " links; what is left is tried at the next poll"}
                                .during("fetch the messages");
            break;
        }
        may_pipeline_ = false;
    }
    if (!report_.error && isolations_ > 1 && report_.fetched == 0) {
        report_.error = isolation_error_; // not these messages: the server gives out none
    }
    if (!report_.error && no_room_) {
        report_.error = std::move(*no_room_).during("store the messages");
    }
    if (report_.error) {
        report_.steps.fail();
    }
    report_.steps.end();
    report_.fetch_again = fetch_again_status(around_.store, around_.key.mailbox);
    note_learned();
    if (auto flushed = around_.intake.flush(); !flushed && !report_.error) {
        report_.error = std::move(flushed).error().during("note what became of the messages");
    }
    return std::move(report_);
}

Result<Poll::Next> Poll::run_link()
{
    auto link = open_link();
    if (!link) {
        return base::fail(std::move(link).error());
    }
    report_.has_logged_in = true;
    report_.steps.enter("list");
    note_source();
    auto survey = survey_maildrop(**link, pipelining());
    if (!survey) {
        report_.link.trouble = (*link)->client().trouble();
        return after_failure(std::move(survey).error().during("list the messages"),
                             pipelining() == Pipelining::on);
    }
    // Not before it has listed anything: it may hang up on whatever is said to it.
    facts_.hangs_up_on_capa = facts_.hangs_up_on_capa || report_.link.hangs_up_on_capa;
    ignore_uids(*survey);
    if (report_.links == 1) {
        note_survey(*survey);
    }
    if (auto there = require_uids(*survey); !there) {
        return base::fail(std::move(there).error().during("list the messages"));
    }
    if (auto noted = note_first_poll(*survey); !noted) {
        return base::fail(std::move(noted).error().during("first poll"));
    }
    return collect(**link, *std::move(survey));
}

void Poll::note_survey(const Survey& survey)
{
    report_.listed = survey.count;
    if (ignores_uids_) {
        report_.add_note("the server gives all messages new UIDs at every poll: every message is "
                         "fetched at every poll and told apart by its content");
    } else if (!survey.has_uids && survey.count > 0) {
        report_.add_note("the server has no UIDL: every message is fetched at every poll and told "
                         "apart by its content");
    }
    if (survey.ignored_lines > 0) {
        report_.add_note(
            "the server's lists of messages do not agree: " + std::to_string(survey.ignored_lines) +
            " lines name messages beyond its count, or one twice; what they name is "
            "collected when it is listed rightly");
    }
}

/// With "only from now on", what is there at the first poll is recorded as seen. A poll that ends
/// before the last of it is durable was not the first: then the next one is.
Result<void> Poll::note_first_poll(const Survey& survey)
{
    FirstPollRecord record{around_.store, around_.key};
    if (!record.is_to_come()) {
        return {};
    }
    if (around_.first_poll == FirstPoll::new_only) {
        auto seen = record_as_seen(survey, {around_.key, around_.epoch, around_.clock()},
                                   around_.intake, around_.ledger);
        if (!seen) {
            return base::fail(std::move(seen).error());
        }
        report_.before_first_poll = seen->recorded;
        note_late_first_poll(record);
        if (seen->without_uid > 0) {
            report_.add_note(std::to_string(seen->without_uid) +
                             " messages of before have no usable UID and are collected");
        }
    }
    return record.note_done();
}

/// Fetches, commits, deletes, says QUIT. Only what commit() has returned for is deleted.
Result<Poll::Next> Poll::collect(Link& link, Survey survey)
{
    ContentMatcher matcher{around_.ledger, around_.key, survey.messages};
    TooLargeRecords too_large{around_.ledger, around_.key};
    auto plan = this->plan(std::move(survey.messages));
    if (survey.disagrees()) {
        spare_unread(plan);
    }
    const bool is_limited = limit_session(plan);
    const auto link_end = is_limited ? std::min(stop_at_, std::chrono::steady_clock::now() +
                                                              around_.limits.deletions_time_max)
                                     : stop_at_;
    BatchWriter writer{around_.intake, around_.limits.batches_at_once};
    Retrieval retrieval{{link, around_.intake, writer,
                         around_.budget != nullptr ? *around_.budget : own_budget_, matcher,
                         too_large, facts_.sizes, policy_, fetch_again_.request(), around_.limits,
                         survey.stat, doubtful_.empty() ? Proof::at_end : Proof::of_each, report_,
                         around_.on_progress, around_.is_turn_over,
                         [this](const auto& message) { return folder_data_.note(message); }},
                        doubtful_.empty() ? pipelining() : Pipelining::off,
                        around_.epoch};
    const auto duplicates_before = report_.duplicates;
    const auto deleted_before = report_.deleted;
    report_.steps.enter("retrieve");
    if (const auto note = note_too_large(plan, around_.intake); !note.empty()) {
        report_.add_note(note);
    }
    retrieval.record_too_large(plan.too_large);
    const auto fetched_before = report_.fetched; // too large by LIST: nothing was given out
    auto outcome = retrieval.run(plan.wanted, link_end);
    const auto written = writer.finish();
    report_.left -= report_.duplicates - duplicates_before;
    auto removals = std::move(plan.removals);
    removals.insert(removals.end(), retrieval.removals().begin(), retrieval.removals().end());
    take_over(writer.take_committed(), removals);
    note_listed_again(retrieval);
    spare(retrieval, plan, removals);
    note_asked(plan, retrieval);
    note_doubts(plan, retrieval, outcome);
    note_stuck(plan, retrieval, outcome, report_.fetched - fetched_before);
    if (!written) {
        return base::fail(base::Error{written.error()}.during("store the messages"));
    }
    note_fetched_again(plan, retrieval);
    if (!outcome) {
        return after_break(retrieval, std::move(outcome).error());
    }
    if (*outcome == Retrieval::Outcome::done && report_.left == 0) {
        note_gone(survey, matcher);
    }
    has_fetched_ahead_ = has_fetched_ahead_ ||
                         (pipelining() == Pipelining::on && report_.fetched - fetched_before > 1);
    const bool has_stopped_early =
        *outcome == Retrieval::Outcome::out_of_time && std::chrono::steady_clock::now() < stop_at_;
    has_more_ = (has_more_ || has_stopped_early) && *outcome != Retrieval::Outcome::refused &&
                std::chrono::steady_clock::now() < stop_at_;
    report_.has_given_place_up = *outcome == Retrieval::Outcome::turn_over || is_turn_over();
    has_more_ = has_more_ && !report_.has_given_place_up;
    auto next = end_link(link, *outcome, removals);
    if (auto some = require_messages(retrieval, outcome, report_.fetched - fetched_before);
        next && !some) {
        return base::fail(std::move(some).error().during("fetch the messages"));
    }
    const bool has_moved = retrieval.answered() > 0 || report_.deleted > deleted_before;
    return next && *next == Next::next_session && !has_moved ? Result<Next>{Next::over}
                                                             : std::move(next);
}

/// The link broke while messages were fetched.
Result<Poll::Next> Poll::after_break(const Retrieval& retrieval, base::Error error)
{
    if (may_isolate(retrieval, error)) {
        report_.steps.fail();
        isolation_error_ = base::Error{error}.during("fetch the messages");
        report_.add_note("the link broke at message " +
                         std::to_string(retrieval.interrupted()->number) +
                         " and is made again without it: " + error.describe());
        return Next::serial_link;
    }
    const bool was_ahead = retrieval.was_asking_ahead() || retrieval.may_miss_a_reply(error);
    return after_failure(std::move(error).during("fetch the messages"), was_ahead);
}

/// With requests ahead, the way in which we ask may be what broke it: once more, one by one. So it
/// is where the server has another address, which may be that of a machine that lives.
Result<Poll::Next> Poll::after_failure(base::Error error, bool was_asking_ahead)
{
    report_.steps.fail();
    const std::string address = report_.link.peer_address;
    const bool has_another = is_of_the_link(error) &&
                             error.code() != ErrorCode::protocol_violation &&
                             around_.transport.avoid(address);
    const bool may_be_our_way = was_asking_ahead && may_pipeline_;
    if (!is_of_the_link(error) || (!may_be_our_way && !has_another) ||
        report_.link.capabilities.login_delay || std::chrono::steady_clock::now() >= stop_at_) {
        return base::fail(std::move(error));
    }
    broke_ahead_ = broke_ahead_ || may_be_our_way;
    report_.add_note((has_another ? "the link to " + address +
                                        " broke and is made again, to another address first: "
                                  : "the link broke while several requests were under way, and is "
                                    "made again without that: ") +
                     error.describe());
    return Next::serial_link;
}

/// Of a poll in several sessions: the next log-in is another mailbox's.
bool Poll::is_turn_over() const
{
    return has_more_ && around_.is_turn_over && around_.is_turn_over(report_);
}

Result<Poll::Next> Poll::end_link(Link& link, Retrieval::Outcome outcome,
                                  const std::vector<Removal>& removals)
{
    if (outcome == Retrieval::Outcome::lost_step) {
        report_.steps.fail();
        if (report_.link.capabilities.login_delay) {
            report_.add_note("the server wants pauses between log-ins (LOGIN-DELAY): the rest is "
                             "fetched at the next poll");
            return Next::over;
        }
        return Next::serial_link;
    }
    if (outcome == Retrieval::Outcome::out_of_time && !has_more_ && !report_.has_given_place_up) {
        report_.add_note("the session's time was over: the rest is fetched at the next poll");
    }
    if (outcome == Retrieval::Outcome::refused) {
        report_.add_note("the server refused " +
                         std::to_string(around_.limits.refusals_in_row_max) +
                         " messages in a row: the rest is fetched at the next poll");
    }
    auto removed = remove(link, removals);
    if (!removed) {
        return after_failure(std::move(removed).error().during("delete the collected messages"),
                             pipelining() == Pipelining::on && removals.size() > 1);
    }
    return has_more_ ? Next::next_session : Next::over;
}

Pipelining Poll::pipelining() const noexcept
{
    return may_pipeline_ && report_.link.capabilities.pipelining && facts_.allows_pipelining()
               ? Pipelining::on
               : Pipelining::off;
}

void Poll::note_short(const spool::Receipt& receipt)
{
    ++report_.cut_short;
    if (report_.short_messages.size() < PollReport::short_messages_max) {
        report_.short_messages.push_back(
            {diag::quote(receipt.uid, 100), receipt.octets, receipt.announced_octets});
    }
}

void Poll::take_over(std::deque<Committed> committed, std::vector<Removal>& removals)
{
    spool::Receipt receipt;
    receipt.key = around_.key;
    receipt.epoch = around_.epoch;
    for (; !committed.empty(); committed.pop_front()) { // goes as the ledger grows
        const auto& message = committed.front();
        receipt.uid = message.listed->uid;
        receipt.sha256 = message.sha256;
        receipt.octets = message.octets;
        receipt.announced_octets = message.listed->octets;
        receipt.completeness = message.completeness;
        receipt.fetch_again = message.fetch_again;
        receipt.copy_of = message.copy_of;
        around_.ledger.add(message.id, receipt);
        if (receipt.completeness == Completeness::too_large) {
            ++report_.too_large;
            continue;
        }
        --report_.left;
        if (spool::is_another_uid(receipt.completeness)) {
            ++report_.renamed;
        } else if (receipt.is_copy()) {
            ++report_.fetched_again;
        } else {
            ++report_.collected;
            report_.octets += receipt.octets;
        }
        if (spool::is_short(receipt.completeness)) {
            note_short(receipt); // and only what is whole may be deleted
        } else if (policy_.after_retrieval == AfterRetrieval::delete_once_stored) {
            removals.push_back({message.listed->number, message.id});
        }
    }
}

} // namespace watchpost::collector
