#include "collector/plan.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "base/bytes.h"
#include "collector/message_mark.h"
#include "collector/too_large_records.h"

namespace watchpost::collector {

Policy make_policy(const spool::MailboxKey& key, const MailboxSettings& settings,
                   const spool::Intake& intake)
{
    Policy policy{key, settings.after_retrieval, settings.message_bytes_max};
    const auto possible = intake.message_bytes_max();
    if (possible != std::numeric_limits<std::uint64_t>::max()) {
        policy.message_bytes_max =
            policy.message_bytes_max == 0 ? possible : std::min(policy.message_bytes_max, possible);
    }
    return policy;
}

bool is_too_large(const Policy& policy, std::uint64_t octets) noexcept
{
    return policy.message_bytes_max != 0 && octets > policy.message_bytes_max;
}

namespace {

/// A message that was too large counts as known while it still would be; one that was there before
/// the first poll always.
bool is_settled(const KnownMessage& known, const Policy& policy)
{
    return known.completeness != spool::Completeness::too_large ||
           is_too_large(policy, std::max(known.octets, known.announced_octets));
}

} // namespace

Plan make_plan(std::vector<pop3::ListedMessage> listed, const Ledger& ledger, const Policy& policy,
               base::Instant now, const FetchAgainRequest& again,
               const std::function<bool(const pop3::ListedMessage&)>& is_in_doubt)
{
    Plan plan;
    std::vector<pop3::ListedMessage> behind;
    TooLargeRecords records{ledger, policy.key};
    plan.wanted.reserve(listed.size());
    for (auto& message : listed) {
        const auto known = message.uid_is_unique
                               ? ledger.find(policy.key, message.uid, message.octets)
                               : std::nullopt;
        const bool is_known = known && is_settled(*known, policy) && !known->may_name_another(now);
        if (known && again.is_due(message, *known) && !is_too_large(policy, message.octets)) {
            plan.again.insert(mark_number(message));
            behind.push_back(std::move(message));
        } else if (is_known && (!is_in_doubt || !is_in_doubt(message))) {
            ++plan.known;
            plan.left_out += known->completeness == spool::Completeness::before_first_poll ? 1 : 0;
            if (spool::is_short(known->completeness)) {
                plan.known_short.push_back({std::move(message), known->id, known->octets});
            } else if (policy.after_retrieval == AfterRetrieval::delete_once_stored &&
                       known->may_be_deleted() && known->state != spool::SourceState::expunged) {
                plan.removals.push_back({message.number, known->id});
            }
        } else if (is_too_large(policy, message.octets) && records.take(message)) {
            ++plan.known;
        } else if (is_too_large(policy, message.octets)) {
            plan.too_large.push_back(std::move(message));
        } else {
            const bool has_name = !message.uid.empty() && message.uid_is_unique;
            if (!has_name && again.covers(message)) {
                plan.again.insert(mark_number(message));
            }
            plan.wanted.push_back(std::move(message));
        }
    }
    std::ranges::move(behind, std::back_inserter(plan.wanted));
    return plan;
}

std::string note_too_large(const Plan& plan, const spool::Intake& intake)
{
    const auto possible = intake.message_bytes_max();
    const auto count = std::ranges::count_if(
        plan.too_large, [&](const auto& message) { return message.octets > possible; });
    return count == 0 ? ""
                      : std::to_string(count) + (count == 1 ? " message is" : " messages are") +
                            " larger than " + base::to_readable_bytes(possible) +
                            ", half of the spool's limit (spool.bytes_max): recorded as too large "
                            "and left on the server; raise the limit, and the next poll fetches "
                            "what is still there";
}

} // namespace watchpost::collector
