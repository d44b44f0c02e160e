#include "collector/content_matcher.h"

#include <algorithm>
#include <utility>

namespace watchpost::collector {

using Kind = ContentMatch::Kind;

ContentMatcher::ContentMatcher(const Ledger& ledger, spool::MailboxKey key,
                               const std::vector<pop3::ListedMessage>& listed)
    : ledger_{ledger}
    , key_{std::move(key)}
{
    listed_.reserve(listed.size());
    for (const auto& message : listed) {
        listed_.push_back(message.uid);
    }
    std::ranges::sort(listed_);
}

bool ContentMatcher::is_listed(std::string_view uid) const
{
    return std::ranges::binary_search(listed_, uid);
}

ContentMatch ContentMatcher::match(const pop3::ListedMessage& message, const crypto::Sha256& sha256,
                                   std::uint64_t octets)
{
    const auto all = ledger_.find_content(key_, sha256, octets);
    if (all.empty()) {
        return {};
    }
    if (message.uid.empty() || !message.uid_is_unique) {
        return {Kind::fetched_before, all.front()};
    }
    for (const auto& known : all) {
        if (known.uid == message.uid) {
            return {known.announced_octets == message.octets ? Kind::fetched_before
                                                             : Kind::another_uid,
                    known};
        }
    }
    for (const auto& known : all) {
        // What is short is no reason to pass over what may be whole.
        if (known.may_be_deleted() && (known.uid.empty() || !is_listed(known.uid)) &&
            taken_.insert(known.id).second) {
            return {Kind::another_uid, known};
        }
    }
    return {};
}

} // namespace watchpost::collector
