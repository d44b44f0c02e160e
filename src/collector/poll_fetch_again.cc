// Part of Poll: what somebody asked to have fetched again.
#include <utility>

#include "collector/message_mark.h"
#include "collector/poll.h"

namespace watchpost::collector {

/// What failed before has another chance as well.
void Poll::take_over_fetch_again(const std::vector<pop3::ListedMessage>& listed)
{
    const auto taken = fetch_again_.take_over(listed);
    if (!taken) {
        report_.add_note("what is to be fetched again cannot be remembered: " +
                         taken.error().describe());
    }
    if (!taken || !*taken) {
        return;
    }
    for (const auto& message : listed) {
        if (fetch_again_.request().covers(message)) {
            stuck_.forget(message);
        }
    }
}

/// With a UID the ledger says what has come, without one the answers of this link.
void Poll::note_fetched_again(Plan& plan, const Retrieval& retrieval)
{
    if (!fetch_again_.is_under_way()) {
        return;
    }
    auto left = std::move(plan.again);
    for (std::size_t i = 0; i < retrieval.answered(); ++i) {
        const auto& message = plan.wanted[i];
        const auto due = left.find(mark_number(message));
        if (due == left.end() || retrieval.was_refused(message)) {
            continue;
        }
        const auto known = message.uid_is_unique
                               ? around_.ledger.find(policy_.key, message.uid, message.octets)
                               : std::nullopt;
        if (!known || !fetch_again_.request().is_due(message, *known)) {
            left.erase(due);
        }
    }
    report_.has_ended_fetch_again = left.empty();
    if (auto noted = fetch_again_.note_left(left.size()); !noted) {
        report_.add_note("what is to be fetched again cannot be remembered: " +
                         noted.error().describe());
    }
}

} // namespace watchpost::collector
