// Part of Poll: which messages a broken link speaks against.
#include <algorithm>
#include <utility>

#include "collector/message_mark.h"
#include "collector/poll.h"

namespace watchpost::collector {

using base::ErrorCode;
using base::Result;

/// A message that failed in an earlier poll, too, and alone was asked for when the link broke:
/// another link shows whether the server works, and fetches what is left. Not at its first failure:
/// some servers hide what they have sent, and each link that breaks may cost a message there.
bool Poll::may_isolate(const Retrieval& retrieval, const base::Error& error)
{
    const bool may = retrieval.interrupted() != nullptr && !retrieval.was_asking_ahead() &&
                     stuck_.failed_before(*retrieval.interrupted()) &&
                     may_be_of_the_message(error) && !report_.link.capabilities.login_delay &&
                     isolations_ < around_.limits.isolations_max &&
                     std::chrono::steady_clock::now() < stop_at_;
    if (may) {
        ++isolations_;
        if (error.code() != ErrorCode::protocol_violation) {
            static_cast<void>(around_.transport.avoid(report_.link.peer_address));
        }
    }
    return may;
}

/// What came is stuck no more. Only where the server or the way to it was at fault is a message
/// suspected: a full disk says nothing about it, but that it is to be fetched last. A server that
/// refuses several messages and gives out none has another trouble than these messages.
void Poll::note_stuck(const Plan& plan, const Retrieval& retrieval,
                      const Result<Retrieval::Outcome>& outcome, std::uint64_t fetched)
{
    const auto now = around_.clock();
    for (std::size_t i = 0; i < retrieval.answered(); ++i) {
        if (!retrieval.was_refused(plan.wanted[i])) {
            stuck_.forget(plan.wanted[i]);
        }
    }
    const bool is_through = outcome && *outcome != Retrieval::Outcome::lost_step;
    const bool gives_out_none = fetched == 0 && retrieval.refused().size() > 1;
    if (fetched > 0 || (is_through && isolations_ <= 1 && !gives_out_none)) {
        stuck_.confirm();
    }
    if (fetched > 0 || retrieval.refused().size() == 1) {
        for (const auto& each : retrieval.refused()) {
            stuck_.blame(*each.message, each.reason, now);
        }
    } else if (outcome && *outcome == Retrieval::Outcome::refused) {
        for (const auto& each : retrieval.refused()) { // the next poll asks for others first
            stuck_.suspect(*each.message, each.reason, StuckMessages::AskAgain::last, now);
        }
    }
    const auto* message = retrieval.interrupted();
    const bool has_failed = outcome ? !is_through : may_be_of_the_message(outcome.error());
    const bool was_ahead =
        retrieval.was_asking_ahead() || (!outcome && retrieval.may_miss_a_reply(outcome.error()));
    if (message != nullptr && has_failed) {
        stuck_.suspect(
            *message, outcome ? "the link lost step at this message" : outcome.error().describe(),
            was_ahead ? StuckMessages::AskAgain::last : StuckMessages::AskAgain::next_poll, now);
    }
    const bool had_no_room = !outcome && outcome.error().code() == ErrorCode::disk_full;
    if (message != nullptr && had_no_room &&
        message->octets > spool::Incoming::buffered_bytes_max &&
        !stuck_.failed_before(*message)) { // smaller ones may have room
        stuck_.suspect(*message, outcome.error().describe(), StuckMessages::AskAgain::last, now);
    }
    if (auto saved = stuck_.save(); !saved) {
        report_.add_note("which messages failed cannot be remembered: " + saved.error().describe());
    }
    report_.newly_set_aside = stuck_.newly_set_aside();
    report_.set_aside = stuck_.set_aside_count();
}

/// A large message that found no room once is not asked for before it has some: it would cost the
/// link, and with it the deletion of what was stored. How many.
std::size_t Poll::leave_out_without_room(Plan& plan)
{
    return std::erase_if(plan.wanted, [this](const pop3::ListedMessage& message) {
        if (message.octets <= spool::Incoming::buffered_bytes_max ||
            !stuck_.failed_before(message)) {
            return false;
        }
        auto room = around_.intake.begin(message.octets);
        if (room || room.error().code() != ErrorCode::disk_full) {
            return false;
        }
        no_room_ = std::move(room).error();
        return true;
    });
}

/// A server that swallows a reply while others are outstanding answers each request with the
/// message behind; one that gives a reply too many, with the message before. The octet counts show
/// that, or the last reply, which never comes, or the proof at the end. Until then what is as long
/// as one near it may have got that one's content, and is fetched once more, one by one. (No more
/// than eight replies are taken to be lost or too many.)
void Poll::note_doubts(const Plan& plan, const Retrieval& retrieval,
                       const Result<Retrieval::Outcome>& outcome)
{
    constexpr std::size_t shift_max = 8;
    const auto& wanted = plan.wanted;
    const auto answered = retrieval.answered();
    if (retrieval.proves_each()) {
        for (std::size_t i = 0; i < answered; ++i) {
            doubtful_.erase(mark_number(wanted[i]));
        }
        forget_doubts();
        return;
    }
    const auto is_ambiguous = [&](std::size_t i) {
        const auto last = std::min(wanted.size(), i + 1 + shift_max);
        for (std::size_t j = i - std::min(i, shift_max); j < last; ++j) {
            if (j != i && wanted[j].octets == wanted[i].octets) {
                return true;
            }
        }
        return retrieval.is_out_of_step(); // asked one by one, sizes may differ a little
    };
    const bool has_lost_step = outcome ? *outcome == Retrieval::Outcome::lost_step
                                       : retrieval.may_miss_a_reply(outcome.error());
    std::vector<spool::SpoolId> ids;
    const auto doubt = [&](const pop3::ListedMessage& message) {
        doubtful_.insert(mark_number(message));
        if (const auto known = around_.ledger.find(policy_.key, message.uid, message.octets)) {
            ids.push_back(known->id);
        }
    };
    if (retrieval.is_out_of_step() && retrieval.interrupted() != nullptr) {
        doubt(*retrieval.interrupted()); // it came, and was kept
    }
    for (std::size_t i = has_lost_step ? answered : 0; i > 0 && is_ambiguous(i - 1); --i) {
        doubt(wanted[i - 1]);
    }
    if (auto added = doubt_.add(ids); !added) {
        report_.add_note("which messages have to be fetched again cannot be remembered: " +
                         added.error().describe());
    }
}

/// Those of earlier polls, in the first link.
void Poll::take_over_doubts(const std::vector<pop3::ListedMessage>& listed)
{
    if (report_.links > 1 || doubt_.is_empty()) {
        return;
    }
    for (const auto& message : listed) {
        const auto known = around_.ledger.find(policy_.key, message.uid, message.octets);
        if (known && doubt_.covers(known->id)) {
            doubtful_.insert(mark_number(message));
        }
    }
    forget_doubts();
}

/// Once each was fetched again, or is not listed any more.
void Poll::forget_doubts()
{
    if (!doubtful_.empty()) {
        return;
    }
    if (auto forgotten = doubt_.forget(); !forgotten) {
        report_.add_note("that messages were fetched again cannot be remembered: " +
                         forgotten.error().describe());
    }
}

/// A server that refuses several messages, gives out none, and speaks of a trouble of its own or
/// goes on and on has that trouble: it is left alone for growing pauses.
Result<void> Poll::require_messages(const Retrieval& retrieval,
                                    const Result<Retrieval::Outcome>& outcome,
                                    std::uint64_t fetched)
{
    const auto& refused = retrieval.refused();
    const bool is_endless = outcome && *outcome == Retrieval::Outcome::refused;
    const bool is_of_the_server =
        retrieval.trouble() != pop3::Trouble::other && retrieval.trouble() != pop3::Trouble::none;
    if (fetched > 0 || refused.size() < 2 || (!is_endless && !is_of_the_server)) {
        return {};
    }
    report_.link.trouble = retrieval.trouble();
    return base::fail(ErrorCode::refused_by_server, base::Retry::later,
                      "the server gives out no message; it refused " +
                          std::to_string(refused.size()) +
                          ", the first one so: " + refused.front().reason);
}

} // namespace watchpost::collector
