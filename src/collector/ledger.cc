#include "collector/ledger.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstring>
#include <deque>
#include <map>
#include <memory_resource>
#include <set>
#include <tuple>

#include "secrets/keyed_hash.h"

namespace watchpost::collector {

namespace {

using Index = std::uint32_t; // of a row; rows are added and never go

constexpr Index none = UINT32_MAX;

/// As small as it can be: there are as many as a maildrop holds.
struct Row {
    spool::SpoolId id;
    std::uint64_t octets = 0;
    std::uint64_t announced_octets = 0;
    crypto::Sha256 sha256{};
    const char* uid_begin = nullptr;
    std::uint16_t uid_size = 0;
    spool::SourceState state = spool::SourceState::kept;
    spool::Completeness completeness = spool::Completeness::whole;
    std::uint32_t fetch_again = 0;
    std::uint32_t listed_again_hour = 0;
    std::uint32_t maildrop = 0;
    Index older_same_content = none;
    Index older_same_uid = none;

    [[nodiscard]] std::string_view uid() const { return {uid_begin, uid_size}; }
};

struct MaildropUid {
    std::uint32_t maildrop;
    std::string_view uid;

    friend bool operator==(const MaildropUid&, const MaildropUid&) = default;
};

struct MaildropContent {
    std::uint32_t maildrop;
    const crypto::Sha256& sha256;
    std::uint64_t octets;
};

template <typename Octets>
std::uint64_t first_eight(const Octets& octets)
{
    std::uint64_t value = 0;
    std::memcpy(&value, octets.data(), sizeof value);
    return value;
}

std::uint32_t hour_of(base::Instant time) noexcept
{
    return static_cast<std::uint32_t>(
        std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count());
}

using Rows = std::deque<Row>; // never moved

/// The indexes hold numbers of rows and look into these to compare: a few octets a message.
struct RowView {
    using is_transparent = void;
    using is_avalanching = void; // hashes of random bits are good as they are

    const Rows* rows;

    [[nodiscard]] const Row& operator[](Index index) const { return (*rows)[index]; }
};

struct UidView : RowView {
    [[nodiscard]] MaildropUid key(Index index) const
    {
        return {(*this)[index].maildrop, (*this)[index].uid()};
    }
    [[nodiscard]] static MaildropUid key(MaildropUid uid) { return uid; }
};

/// The server chooses the uids and could make them collide: not where it does not know the key.
struct UidHash : UidView {
    secrets::KeyedHash hash = {};

    /// Maildrops with the same uids are few: these may collide.
    [[nodiscard]] std::size_t operator()(const auto& uid) const
    {
        return hash(base::as_bytes(key(uid).uid));
    }
};

struct SameUid : UidView {
    [[nodiscard]] bool operator()(const auto& a, const auto& b) const { return key(a) == key(b); }
};

struct ContentHash : RowView {
    [[nodiscard]] std::size_t operator()(Index index) const
    {
        return first_eight((*this)[index].sha256);
    }
    [[nodiscard]] std::size_t operator()(const MaildropContent& content) const
    {
        return first_eight(content.sha256);
    }
};

struct SameContent : RowView {
    [[nodiscard]] MaildropContent key(Index index) const
    {
        const Row& row = (*this)[index];
        return {row.maildrop, row.sha256, row.octets};
    }
    [[nodiscard]] static MaildropContent key(const MaildropContent& content) { return content; }
    [[nodiscard]] bool operator()(const auto& a, const auto& b) const
    {
        const auto one = key(a);
        const auto other = key(b);
        return std::tie(one.maildrop, one.octets, one.sha256) ==
               std::tie(other.maildrop, other.octets, other.sha256);
    }
};

struct IdHash : RowView {
    [[nodiscard]] std::size_t operator()(const spool::SpoolId& id) const
    {
        return id.ulid().random_bits();
    }
    [[nodiscard]] std::size_t operator()(Index index) const { return (*this)((*this)[index].id); }
};

struct SameId : RowView {
    [[nodiscard]] spool::SpoolId key(Index index) const { return (*this)[index].id; }
    [[nodiscard]] static spool::SpoolId key(const spool::SpoolId& id) { return id; }
    [[nodiscard]] bool operator()(const auto& a, const auto& b) const { return key(a) == key(b); }
};

} // namespace

bool KnownMessage::may_name_another(base::Instant now) const noexcept
{
    return state == spool::SourceState::expunged && !was_listed_again(now);
}

bool KnownMessage::was_listed_again(base::Instant now) const noexcept
{
    return listed_again_hour != 0 && listed_again_hour <= hour_of(now) &&
           hour_of(now) < listed_again_hour + 24; // the clock may go back
}

struct Ledger::State {
    struct Maildrop {
        std::uint32_t number = 0;
        KnownCounts counts = {};
        std::map<std::uint64_t, std::size_t>
            too_large; // without a UID: announced octets → how many

        void count(const spool::Receipt& receipt)
        {
            ++counts.messages;
            counts.without_uid += receipt.uid.empty() ? 1 : 0;
            counts.left_out +=
                receipt.completeness == spool::Completeness::before_first_poll ? 1 : 0;
            if (receipt.uid.empty() && receipt.completeness == spool::Completeness::too_large) {
                ++too_large[receipt.announced_octets];
            }
        }
    };

    [[nodiscard]] std::optional<std::uint32_t> number_of(const spool::MailboxKey& key) const
    {
        const auto found = maildrops.find(key);
        return found == maildrops.end() ? std::nullopt : std::optional{found->second.number};
    }

    /// All rows of that UID, newest first.
    template <typename Visit>
    void for_each_of(const spool::MailboxKey& key, std::string_view uid, Visit visit) const
    {
        const auto maildrop = uid.empty() ? std::nullopt : number_of(key);
        if (!maildrop) {
            return;
        }
        const auto newest = by_uid.find(MaildropUid{*maildrop, uid});
        for (Index index = newest == by_uid.end() ? none : *newest; index != none;
             index = rows[index].older_same_uid) {
            visit(rows[index]);
        }
    }

    [[nodiscard]] KnownMessage known(const Row& row) const
    {
        const auto copy = copies.find(row.id);
        return {row.id,
                row.octets,
                row.announced_octets,
                row.state,
                row.completeness,
                row.fetch_again,
                row.listed_again_hour,
                row.uid(),
                copy == copies.end() ? row.id : copy->second};
    }

    [[nodiscard]] std::string_view keep(std::string_view uid)
    {
        if (uid.empty()) {
            return {};
        }
        auto* const kept = static_cast<char*>(memory.allocate(uid.size(), 1));
        std::ranges::copy(uid, kept);
        return {kept, uid.size()};
    }

    /// The newest row of each key stands in the index; the others hang on it.
    template <typename RowIndex>
    void add_newest(RowIndex& rows_by, Index index, Index Row::* older)
    {
        const auto [newest, is_first] = rows_by.insert(index);
        if (!is_first) {
            rows[index].*older = *newest;
            rows_by.erase(newest);
            rows_by.insert(index);
        }
    }

    void count_pending(spool::SourceState before, spool::SourceState now)
    {
        pending -= before == spool::SourceState::delete_pending ? 1U : 0U;
        pending += now == spool::SourceState::delete_pending ? 1U : 0U;
    }

    std::size_t pending = 0;                    // of all rows
    std::pmr::monotonic_buffer_resource memory; // nothing of a ledger goes before it does
    Rows rows;
    std::map<spool::MailboxKey, Maildrop> maildrops;
    std::map<spool::SpoolId, spool::SpoolId> copies; // of what
    boost::unordered_flat_set<Index, UidHash, SameUid> by_uid{0, UidHash{{{&rows}}},
                                                              SameUid{{{&rows}}}};
    boost::unordered_flat_set<Index, ContentHash, SameContent> by_content{0, ContentHash{{&rows}},
                                                                          SameContent{{&rows}}};
    boost::unordered_flat_set<Index, IdHash, SameId> by_id{0, IdHash{{&rows}}, SameId{{&rows}}};
};

Ledger::Ledger() : state_{std::make_unique<State>()} {}
Ledger::~Ledger() = default;
Ledger::Ledger(Ledger&& other) noexcept = default;
Ledger& Ledger::operator=(Ledger&& other) noexcept = default;

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

base::Result<Ledger> Ledger::load(const spool::LedgerSource& source, std::string_view mailbox,
                                  const ListedAgain& listed_again)
{
    Ledger ledger;
    const auto read = source.for_each_entry_of(mailbox, [&](const spool::LedgerEntry& entry) {
        ledger.add(entry.id, entry.receipt, entry.state);
    });
    if (!read) {
        return base::fail(base::Error{read.error()}.during("load the ledger"));
    }
    for (const auto& [id, hour] : listed_again) {
        if (const auto found = ledger.state_->by_id.find(id); found != ledger.state_->by_id.end()) {
            ledger.state_->rows[*found].listed_again_hour = hour;
        }
    }
    return ledger;
}

std::optional<KnownMessage> Ledger::find(const spool::MailboxKey& key, std::string_view uid,
                                         std::uint64_t announced_octets) const
{
    std::optional<KnownMessage> newest;
    state_->for_each_of(key, uid, [&](const Row& row) {
        if (!newest && row.announced_octets == announced_octets) {
            newest = state_->known(row);
        }
    });
    return newest;
}

bool Ledger::has_short(const spool::MailboxKey& key, std::string_view uid) const
{
    bool has_one = false;
    state_->for_each_of(key, uid,
                        [&](const Row& row) { has_one |= spool::is_short(row.completeness); });
    return has_one;
}

std::uint64_t Ledger::longest_short(const spool::MailboxKey& key, std::string_view uid,
                                    std::uint64_t announced_octets) const
{
    std::uint64_t octets = 0;
    state_->for_each_of(key, uid, [&](const Row& row) {
        if (spool::is_short(row.completeness) && row.announced_octets == announced_octets) {
            octets = std::max(octets, row.octets);
        }
    });
    return octets;
}

std::vector<KnownMessage> Ledger::find_content(const spool::MailboxKey& key,
                                               const crypto::Sha256& sha256,
                                               std::uint64_t octets) const
{
    std::vector<KnownMessage> known;
    if (const auto maildrop = state_->number_of(key)) {
        const auto found = state_->by_content.find(MaildropContent{*maildrop, sha256, octets});
        for (Index index = found == state_->by_content.end() ? none : *found; index != none;
             index = state_->rows[index].older_same_content) {
            known.push_back(state_->known(state_->rows[index]));
        }
    }
    std::ranges::reverse(known);
    return known;
}

void Ledger::add(const spool::SpoolId& id, const spool::Receipt& receipt, spool::SourceState state)
{
    if (state_->by_id.contains(id)) {
        return;
    }
    const auto maildrop_number = static_cast<std::uint32_t>(state_->maildrops.size());
    auto& maildrop =
        state_->maildrops.try_emplace(receipt.key, State::Maildrop{maildrop_number, {}, {}})
            .first->second;
    maildrop.count(receipt);
    const auto index = static_cast<Index>(state_->rows.size());
    const auto uid = state_->keep(receipt.uid);
    state_->rows.push_back({id, receipt.octets, receipt.announced_octets, receipt.sha256,
                            uid.data(), static_cast<std::uint16_t>(uid.size()), state,
                            receipt.completeness, receipt.fetch_again, 0, maildrop.number, none,
                            none});
    if (receipt.is_copy()) {
        state_->copies.emplace(id, receipt.copy_of);
    }
    state_->count_pending(spool::SourceState::kept, state);
    state_->by_id.insert(index);
    if (!receipt.uid.empty()) {
        state_->add_newest(state_->by_uid, index, &Row::older_same_uid);
    }
    if (spool::has_content(receipt.completeness) || spool::is_another_uid(receipt.completeness)) {
        state_->add_newest(state_->by_content, index, &Row::older_same_content);
    }
}

void Ledger::change(const spool::SourceChange& change)
{
    const auto found = state_->by_id.find(change.id);
    if (found != state_->by_id.end()) {
        auto& state = state_->rows[*found].state;
        state_->count_pending(state, change.state);
        state = change.state;
    }
}

std::vector<spool::SpoolId>
Ledger::gone(const spool::MailboxKey& key,
             const std::function<bool(std::string_view uid)>& is_listed) const
{
    const auto maildrop = state_->number_of(key);
    if (!maildrop || state_->pending == 0) {
        return {};
    }
    std::vector<const Row*> rows;
    std::set<std::pair<std::uint64_t, crypto::Sha256>> renamed;
    for (const auto& row : state_->rows) {
        if (row.maildrop != *maildrop) {
            continue;
        }
        if (spool::is_another_uid(row.completeness)) {
            renamed.emplace(row.octets, row.sha256);
        }
        if (row.state == spool::SourceState::delete_pending && !is_listed(row.uid())) {
            rows.push_back(&row);
        }
    }
    std::vector<spool::SpoolId> ids;
    for (const Row* const row : rows) {
        if (!renamed.contains({row->octets, row->sha256})) {
            ids.push_back(row->id);
        }
    }
    return ids;
}

void Ledger::note_listed_again(const spool::SpoolId& id, base::Instant now)
{
    const auto found = state_->by_id.find(id);
    if (found != state_->by_id.end()) {
        state_->rows[*found].listed_again_hour = hour_of(now);
    }
}

ListedAgain Ledger::listed_again(base::Instant now) const
{
    ListedAgain all;
    for (const auto& row : state_->rows) {
        if (state_->known(row).was_listed_again(now)) {
            all.emplace(row.id, row.listed_again_hour);
        }
    }
    return all;
}

KnownCounts Ledger::counts(const spool::MailboxKey& key) const
{
    const auto maildrop = state_->maildrops.find(key);
    return maildrop == state_->maildrops.end() ? KnownCounts{} : maildrop->second.counts;
}

std::size_t Ledger::count_too_large(const spool::MailboxKey& key, std::string_view uid,
                                    std::uint64_t announced_octets) const
{
    std::size_t count = 0;
    state_->for_each_of(key, uid, [&](const Row& row) {
        count += row.completeness == spool::Completeness::too_large &&
                         row.announced_octets == announced_octets
                     ? 1
                     : 0;
    });
    const auto maildrop = state_->maildrops.find(key);
    if (!uid.empty() || maildrop == state_->maildrops.end()) {
        return count;
    }
    const auto& too_large = maildrop->second.too_large;
    const auto found = too_large.find(announced_octets);
    return found == too_large.end() ? 0 : found->second;
}

} // namespace watchpost::collector
