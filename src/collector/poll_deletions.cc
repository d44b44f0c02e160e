// Part of Poll: what may be deleted at the source, and what must not be.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "collector/poll.h"
#include "collector/removal.h"

namespace watchpost::collector {

using base::ErrorCode;
using base::Result;
using base::Retry;

/// Where UIDs were there and most are missing, nobody could tell what is known, or was left out by
/// the first poll, from what is new: everything would be fetched, and the latter deleted. A server
/// that never named most of its messages is known by their contents.
Result<void> Poll::require_uids(const Survey& survey)
{
    const auto known = around_.ledger.counts(around_.key);
    const bool had_uids = known.without_uid * 2 < known.messages;
    if (survey.without_uid_line * 2 <= survey.messages.size() ||
        (!had_uids && known.left_out == 0)) {
        return {};
    }
    report_.link.trouble = survey.uidl_trouble;
    return base::fail(
        ErrorCode::protocol_violation, Retry::later,
        (survey.has_uids ? "UIDL names only " +
                               std::to_string(survey.messages.size() - survey.without_uid_line) +
                               " of " + std::to_string(survey.messages.size()) + " messages"
                         : std::string{"the server refuses UIDL"}) +
            ", although it gave UIDs before: what is known could not be told from what is new, so "
            "nothing is fetched. It is tried again by itself; if the server has no UIDs any more, "
            "take it for a different maildrop");
}

/// A wholesale change of names, for a maildrop that has messages which must not be touched.
void Poll::note_left_out(const Plan& plan)
{
    if (around_.ledger.counts(around_.key).left_out == 0) {
        return;
    }
    if (auto noted = left_out_.note(plan.left_out, plan.wanted.size()); !noted) {
        report_.add_note("which messages were left out by the first poll cannot be remembered: " +
                         noted.error().describe());
    }
}

/// A number may name another message than the list said: only what is fetched now is deleted.
void Poll::spare_unread(Plan& plan)
{
    if (!plan.removals.empty()) {
        report_.add_note(std::to_string(plan.removals.size()) +
                         " messages are not deleted at this poll, since the server's lists of "
                         "messages do not agree");
        plan.removals.clear();
    }
}

/// Takes out of the removals what stays at the source whatever the policy says.
void Poll::spare(const Retrieval& retrieval, const Plan& plan, std::vector<Removal>& removals)
{
    if (const auto* const data = retrieval.folder_data()) {
        std::erase_if(removals,
                      [&](const Removal& removal) { return removal.number == data->number; });
        report_.add_note("message " + std::to_string(data->number) +
                         " seems to hold the server's own data of the mailbox: it is never "
                         "deleted");
    }
    if (removals.empty() || around_.ledger.counts(around_.key).left_out == 0) {
        return;
    }
    if (left_out_.were_renamed()) {
        removals.clear();
        report_.add_note(
            "nothing is deleted: the server has given new UIDs to the messages that \"only from "
            "now on\" left out, so that they cannot be told from new ones. Delete what is not "
            "needed by another program, then take it for a different maildrop");
        return;
    }
    std::set<std::uint32_t> nameless;
    for (const auto& message : plan.wanted) {
        if (!message.has_usable_uid()) {
            nameless.insert(message.number);
        }
    }
    const auto spared = std::erase_if(
        removals, [&](const Removal& removal) { return nameless.contains(removal.number); });
    if (spared > 0) {
        report_.add_note(std::to_string(spared) +
                         " messages without a usable UID are not deleted: they may be of those "
                         "that \"only from now on\" left out");
    }
}

void Poll::note_listed_again(const Retrieval& retrieval)
{
    std::vector<spool::SourceChange> changes; // so that the spool does not forget them meanwhile
    for (const auto& id : retrieval.listed_again()) {
        around_.ledger.note_listed_again(id, around_.clock());
        changes.push_back({id, spool::SourceState::expunged});
    }
    if (!changes.empty()) {
        if (auto noted = around_.intake.note(changes); !noted) {
            report_.add_note("that deleted messages are listed still cannot be noted: " +
                             noted.error().describe());
        }
        report_.add_note(std::to_string(retrieval.listed_again().size()) +
                         " messages are listed although the server confirmed their deletion: they "
                         "are fetched once a day, to see that they are still the same");
    }
}

/// What was to be deleted and is not listed any more is gone: the +OK to QUIT was lost, or its
/// note. As expunged its name stands for nothing: what gets that name later is fetched. Only where
/// the contents of all that is listed are known, so that none of it is the same message under
/// another name.
void Poll::note_gone(const Survey& survey, ContentMatcher& matcher)
{
    const bool has_names = survey.has_uids && !ignores_uids_;
    if (survey.disagrees() || (!has_names && survey.count > 0)) {
        return;
    }
    std::vector<spool::SourceChange> changes;
    for (const auto& id : around_.ledger.gone(around_.key, [&](std::string_view uid) {
             return uid.empty() ? survey.count > 0 : matcher.is_listed(uid);
         })) {
        changes.push_back({id, spool::SourceState::expunged});
        around_.ledger.change(changes.back());
    }
    if (changes.empty()) {
        return;
    }
    if (auto noted = around_.intake.note(changes); !noted) {
        report_.add_note("that messages are gone from the server cannot be noted: " +
                         noted.error().describe());
    }
}

/// What the server refused in sessions before is pending still.
Result<void> Poll::remove(Link& link, const std::vector<Removal>& removals)
{
    report_.delete_pending = 0;
    auto removed = remove_and_quit(link, removals, pipelining(), around_.limits, around_.intake,
                                   around_.ledger, report_);
    report_.delete_pending += refused_deletions_;
    if (!removed && report_.link.trouble == pop3::Trouble::none) {
        report_.link.trouble = link.client().trouble();
    }
    if (removed) {
        refused_deletions_ = report_.delete_pending;
        for (const auto& removal : removals) {
            deletions_asked_.insert(removal.id);
        }
    }
    return removed;
}

} // namespace watchpost::collector
