#include "collector/content_matcher.h"

#include <algorithm>
#include <set>

namespace watchpost::collector {

using Kind = ContentMatch::Kind;

ContentMatcher::ContentMatcher(const Ledger& ledger, spool::MailboxKey key,
                               const std::vector<pop3::ListedMessage>& listed)
    : ledger_{ledger}
    , key_{std::move(key)}
{
    for (const auto& message : listed) {
        if (!message.uid.empty() && message.uid_is_unique) {
            uids_ += message.uid;
            ends_.push_back(uids_.size());
        }
    }
}

bool ContentMatcher::is_listed(std::string_view uid)
{
    if (listed_.empty() && !ends_.empty()) {
        listed_.reserve(ends_.size());
        std::size_t begin = 0;
        for (const auto end : ends_) {
            listed_.push_back(std::string_view{uids_}.substr(begin, end - begin));
            begin = end;
        }
        std::ranges::sort(listed_);
    }
    return std::ranges::binary_search(listed_, uid);
}

ContentMatcher::Content* ContentMatcher::content(const crypto::Sha256& sha256, std::uint64_t octets)
{
    const std::pair key{sha256, octets};
    if (const auto found = contents_.find(key); found != contents_.end()) {
        return &found->second;
    }
    auto rows = ledger_.find_content(key_, sha256, octets);
    return rows.empty() ? nullptr
                        : &contents_.emplace(key, make_content(std::move(rows))).first->second;
}

namespace {

/// Another UID stands for a message that is stored under another row.
void name_origins(std::vector<KnownMessage>& rows)
{
    const auto stored = std::ranges::find_if(
        rows, [](const auto& known) { return spool::has_content(known.completeness); });
    for (auto& known : rows) {
        if (!spool::has_content(known.completeness) && stored != rows.end()) {
            known.origin = stored->origin;
        }
    }
}

} // namespace

ContentMatcher::Content ContentMatcher::make_content(std::vector<KnownMessage> rows)
{
    Content content;
    content.rows = std::move(rows);
    name_origins(content.rows);
    std::set<spool::SpoolId> stored;
    std::set<spool::SpoolId> stored_short;
    std::size_t gone = 0;
    std::set<std::string_view> listed;
    std::set<std::string_view> listed_short;
    for (std::size_t i = 0; i < content.rows.size(); ++i) {
        const auto& known = content.rows[i];
        content.by_uid.emplace(known.uid, i);
        if (known.fetch_again != 0) {
            content.requests[known.origin] = known.fetch_again;
        }
        if (!known.may_be_deleted()) {
            content.has_short = true;
            if (spool::has_content(known.completeness)) {
                stored_short.insert(known.origin);
            }
            if (is_listed(known.uid)) {
                listed_short.insert(known.uid);
            }
            continue;
        }
        content.has_whole = true;
        if (spool::has_content(known.completeness)) {
            stored.insert(known.origin); // what was fetched again is no second message
        }
        if (known.state == spool::SourceState::expunged) {
            ++gone;
        } else if (is_listed(known.uid)) {
            listed.insert(known.uid);
        }
    }
    const auto not_left = gone + listed.size();
    content.copies_left = stored.size() > not_left ? stored.size() - not_left : 0;
    content.short_left = stored_short.size() - std::min(stored_short.size(), listed_short.size());
    return content;
}

/// What is short is no reason to pass over what may be whole.
const KnownMessage* ContentMatcher::take_copy(Content& content)
{
    while (content.copies_left > 0 && content.next < content.rows.size()) {
        const auto& known = content.rows[content.next++];
        if (known.may_be_deleted() && known.state != spool::SourceState::expunged &&
            !is_listed(known.uid)) {
            --content.copies_left;
            return &known;
        }
    }
    return nullptr;
}

const KnownMessage* ContentMatcher::take_short_copy(Content& content)
{
    while (content.short_left > 0 && content.next_short < content.rows.size()) {
        const auto& known = content.rows[content.next_short++];
        if (spool::is_short(known.completeness) && !is_listed(known.uid)) {
            --content.short_left;
            return &known;
        }
    }
    return nullptr;
}

/// What was deleted at the source stands for one message without a UID: if it is listed still, or
/// comes once more octet for octet, there is nothing new to store.
const KnownMessage* ContentMatcher::take_expunged(Content& content)
{
    while (content.next_expunged < content.rows.size()) {
        const auto& known = content.rows[content.next_expunged++];
        if (known.may_be_deleted() && known.state == spool::SourceState::expunged &&
            content.expunged.insert(known.origin).second) {
            return &known;
        }
    }
    return nullptr;
}

/// Without a UID only the content tells under which request a message came last.
KnownMessage ContentMatcher::with_newest_request(const Content& content, KnownMessage known)
{
    if (const auto found = content.requests.find(known.origin); found != content.requests.end()) {
        known.fetch_again = found->second;
    }
    return known;
}

/// A stump that comes as a whole message is left at the source: which of the two it is, nobody can
/// tell.
ContentMatch ContentMatcher::match_without_uid(Content& content, spool::Completeness completeness)
{
    if (completeness != spool::Completeness::whole) {
        return {Kind::fetched_before, with_newest_request(content, content.rows.front())};
    }
    if (const auto* const known = take_copy(content)) {
        return {Kind::fetched_before, with_newest_request(content, *known)};
    }
    if (const auto* const known = take_expunged(content)) {
        return {Kind::fetched_before, with_newest_request(content, *known)};
    }
    return content.has_whole ? ContentMatch{}
                             : ContentMatch{Kind::fetched_before,
                                            with_newest_request(content, content.rows.front())};
}

/// The newest row of the UID decides.
ContentMatch ContentMatcher::match_uid(const Content& content, const pop3::ListedMessage& message,
                                       spool::Completeness completeness)
{
    const bool is_whole = completeness == spool::Completeness::whole;
    ContentMatch match;
    const auto [first, last] = content.by_uid.equal_range(message.uid);
    for (auto each = first; each != last; ++each) {
        const auto& known = content.rows[each->second];
        const bool is_same_size = known.announced_octets == message.octets;
        if (is_same_size && (!is_whole || known.may_be_deleted())) {
            match = {Kind::fetched_before, known};
        } else if (match.kind != Kind::fetched_before && !is_same_size) {
            match = {Kind::another_uid, known};
        }
    }
    return match;
}

ContentMatch ContentMatcher::match(const pop3::ListedMessage& message, const crypto::Sha256& sha256,
                                   std::uint64_t octets, spool::Completeness completeness)
{
    auto* const content = this->content(sha256, octets);
    if (content == nullptr) {
        return {};
    }
    if (message.uid.empty() || !message.uid_is_unique) {
        return match_without_uid(*content, completeness);
    }
    auto match = match_uid(*content, message, completeness);
    if (match.kind != Kind::is_new) {
        return match;
    }
    const auto* known = take_copy(*content);
    if (known == nullptr && completeness != spool::Completeness::whole) {
        known = take_short_copy(*content);
    }
    return known != nullptr ? ContentMatch{Kind::another_uid, *known} : ContentMatch{};
}

bool ContentMatcher::is_lesser_stump(const pop3::ListedMessage& message, std::uint64_t octets) const
{
    const auto longest =
        message.has_usable_uid() ? ledger_.longest_short(key_, message.uid, message.octets) : 0;
    return longest > 0 && longest >= octets;
}

bool ContentMatcher::was_short(const pop3::ListedMessage& message, const crypto::Sha256& sha256,
                               std::uint64_t octets)
{
    const auto* const known = content(sha256, octets);
    return ledger_.has_short(key_, message.uid) || (known != nullptr && known->has_short);
}

} // namespace watchpost::collector
