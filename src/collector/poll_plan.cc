// Part of Poll: what a session asks for, and in which order.
#include <algorithm>
#include <functional>
#include <utility>

#include "collector/message_mark.h"
#include "collector/poll.h"

namespace watchpost::collector {

/// What is short was a storage error, perhaps, that passes: it is fetched again a few times. No
/// estimate makes it whole: what was learned from it must not be what has it deleted.
void Poll::add_short_ones(Plan& plan)
{
    short_.clear();
    for (const auto& known : plan.known_short) {
        short_.insert(mark_of(known.message));
    }
    short_attempts_.keep_only(short_);
    auto room = short_attempts_.room();
    for (auto& known : plan.known_short) {
        const auto times = short_attempts_.count(known.message);
        const bool is_over = times >= around_.limits.short_retries_max || (times == 0 && room == 0);
        if (is_over || asked_.contains(mark_number(known.message))) {
            continue;
        }
        room -= times == 0 ? 1 : 0;
        plan.wanted.push_back(std::move(known.message));
    }
}

/// What has an answer is not asked for before the others; a short one has had its attempt, also
/// where the link broke at it.
void Poll::note_asked(const Plan& plan, const Retrieval& retrieval)
{
    for (std::size_t i = 0; i < retrieval.answered(); ++i) {
        const auto& message = plan.wanted[i];
        asked_.insert(mark_number(message));
        if (!short_.empty() && short_.contains(mark_of(message))) {
            short_attempts_.note(message);
        }
    }
    const auto* const interrupted = retrieval.interrupted();
    if (interrupted != nullptr && short_.contains(mark_of(*interrupted))) {
        short_attempts_.note(*interrupted);
    }
    if (auto saved = short_attempts_.save(); !saved) {
        report_.add_note("that short messages are fetched again cannot be remembered: " +
                         saved.error().describe());
    }
}

/// How many of them were not asked for yet.
std::size_t Poll::put_asked_last(std::vector<pop3::ListedMessage>& wanted) const
{
    if (asked_.empty()) {
        return wanted.size();
    }
    return put_last(wanted,
                    [&](const auto& message) { return asked_.contains(mark_number(message)); });
}

Plan Poll::plan(std::vector<pop3::ListedMessage> listed)
{
    const auto folder_data = folder_data_.find(listed);
    take_over_fetch_again(listed);
    take_over_doubts(listed);
    std::function<bool(const pop3::ListedMessage&)> is_in_doubt;
    if (!doubtful_.empty()) {
        is_in_doubt = [this](const auto& each) { return doubtful_.contains(mark_number(each)); };
    }
    auto plan = make_plan(std::move(listed), around_.ledger, policy_, around_.clock(),
                          fetch_again_.request(), is_in_doubt);
    std::erase_if(plan.removals,
                  [&](const Removal& removal) { return removal.number == folder_data; });
    note_left_out(plan);
    const auto held = stuck_.hold_back(plan.wanted, around_.clock());
    const auto without_room = leave_out_without_room(plan);
    report_.set_aside = stuck_.set_aside_count();
    report_.held_back = held - std::min<std::uint64_t>(held, report_.set_aside);
    if (report_.links == 1) {
        report_.known = plan.known;
    }
    add_short_ones(plan);
    report_.left = plan.wanted.size() + plan.too_large.size() + held + without_room;
    return plan;
}

/// No session asks for what one before had an answer for, so that they come to an end.
void Poll::leave_out_asked_deletions(Plan& plan)
{
    std::erase_if(plan.removals,
                  [&](const Removal& removal) { return deletions_asked_.contains(removal.id); });
    report_.left -= std::erase_if(plan.wanted, [&](const auto& message) {
        const auto known = around_.ledger.find(policy_.key, message.uid, message.octets);
        return known && deletions_asked_.contains(known->id); // looked at in the next poll
    });
}

/// Where much is to be deleted, a session does a part: a link that breaks late must not undo all.
/// A server that wants pauses between log-ins gets one session a poll.
bool Poll::limit_session(Plan& plan)
{
    if (!deletions_asked_.empty()) {
        leave_out_asked_deletions(plan);
    }
    const auto not_asked = put_asked_last(plan.wanted);
    const bool is_next_session = std::exchange(has_more_, false);
    if (policy_.after_retrieval != AfterRetrieval::delete_once_stored ||
        report_.link.capabilities.login_delay) {
        return false;
    }
    const auto deletions_max = around_.limits.deletions_max;
    has_more_ = not_asked > deletions_max || plan.removals.size() > deletions_max;
    const auto wanted_max = is_next_session ? std::min(not_asked, deletions_max) : deletions_max;
    plan.wanted.resize(std::min(plan.wanted.size(), wanted_max));
    plan.removals.resize(std::min(plan.removals.size(), deletions_max));
    return true;
}

} // namespace watchpost::collector
