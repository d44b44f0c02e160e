#include "collector/ledger.h"

#include <algorithm>
#include <cstring>

namespace watchpost::collector {

namespace {

std::uint64_t hash_of(const crypto::Sha256& sha256)
{
    std::uint64_t value = 0;
    std::memcpy(&value, sha256.data(), sizeof value);
    return value;
}

} // namespace

std::size_t Ledger::IdHash::operator()(const spool::SpoolId& id) const noexcept
{
    std::uint64_t random_bits = 0;
    std::memcpy(&random_bits, id.ulid().octets().data() + 8, sizeof random_bits);
    return random_bits;
}

base::Result<Ledger> Ledger::load(const spool::LedgerSource& source)
{
    Ledger ledger;
    const auto read = source.for_each_entry(
        [&](const spool::LedgerEntry& entry) { ledger.add(entry.id, entry.receipt, entry.state); });
    if (!read) {
        return base::fail(base::Error{read.error()}.during("load the ledger"));
    }
    return ledger;
}

std::optional<KnownMessage> Ledger::find(const spool::MailboxKey& key, std::string_view uid,
                                         std::uint64_t announced_octets) const
{
    const auto maildrop = maildrops_.find(key);
    if (uid.empty() || maildrop == maildrops_.end()) {
        return std::nullopt;
    }
    std::optional<std::uint32_t> newest;
    const auto [first, last] = maildrop->second.by_uid.equal_range(uid);
    for (auto candidate = first; candidate != last; ++candidate) {
        const Row& row = rows_[candidate->second];
        if (row.known.announced_octets == announced_octets &&
            (!newest || *newest < candidate->second)) {
            newest = candidate->second;
        }
    }
    return newest ? std::optional{rows_[*newest].known} : std::nullopt;
}

bool Ledger::has_short(const spool::MailboxKey& key, std::string_view uid) const
{
    const auto maildrop = maildrops_.find(key);
    if (uid.empty() || maildrop == maildrops_.end()) {
        return false;
    }
    const auto [first, last] = maildrop->second.by_uid.equal_range(uid);
    return std::any_of(first, last, [&](const auto& each) {
        return rows_[each.second].known.completeness == spool::Completeness::short_of_announced;
    });
}

std::vector<KnownMessage> Ledger::find_content(const spool::MailboxKey& key,
                                               const crypto::Sha256& sha256,
                                               std::uint64_t octets) const
{
    const auto maildrop = maildrops_.find(key);
    if (maildrop == maildrops_.end()) {
        return {};
    }
    std::vector<std::uint32_t> indexes;
    const auto [first, last] = maildrop->second.by_content.equal_range(hash_of(sha256));
    for (auto candidate = first; candidate != last; ++candidate) {
        const Row& row = rows_[candidate->second];
        if (row.sha256 == sha256 && row.known.octets == octets) {
            indexes.push_back(candidate->second);
        }
    }
    std::ranges::sort(indexes);
    std::vector<KnownMessage> known;
    known.reserve(indexes.size());
    for (const auto index : indexes) {
        known.push_back(rows_[index].known);
    }
    return known;
}

void Ledger::add(const spool::SpoolId& id, const spool::Receipt& receipt, spool::SourceState state)
{
    const auto index = static_cast<std::uint32_t>(rows_.size());
    if (!by_id_.emplace(id, index).second) {
        return;
    }
    Row& row = rows_.emplace_back(
        Row{{id, receipt.octets, receipt.announced_octets, state, receipt.completeness, {}},
            receipt.sha256,
            receipt.uid});
    row.known.uid = row.uid;
    Maildrop& maildrop = maildrops_[receipt.key];
    ++maildrop.messages;
    if (!row.uid.empty()) {
        maildrop.by_uid.emplace(row.uid, index);
    }
    if (spool::has_content(receipt.completeness) ||
        receipt.completeness == spool::Completeness::another_uid) {
        maildrop.by_content.emplace(hash_of(receipt.sha256), index);
    }
}

void Ledger::change(const spool::SourceChange& change)
{
    const auto found = by_id_.find(change.id);
    if (found != by_id_.end()) {
        rows_[found->second].known.state = change.state;
    }
}

std::size_t Ledger::count(const spool::MailboxKey& key) const
{
    const auto maildrop = maildrops_.find(key);
    return maildrop == maildrops_.end() ? 0 : maildrop->second.messages;
}

} // namespace watchpost::collector
