// What we have of each maildrop: answers "must this listed message be fetched?".
//
// An index in memory over the durable ledger of the spool: filled when a poll begins, then kept in
// step by it, which adds what it committed. Owns nothing on disk; about 120 octets a message and
// its UID. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "crypto/sha256.h"
#include "spool/intake.h"
#include "spool/ledger_entry.h"

namespace watchpost::collector {

struct KnownMessage {
    spool::SpoolId id;
    std::uint64_t octets = 0;
    std::uint64_t announced_octets = 0;
    spool::SourceState state = spool::SourceState::kept;
    spool::Completeness completeness = spool::Completeness::whole;
    std::uint32_t fetch_again = 0;       // the request that it came under
    std::uint32_t listed_again_hour = 0; // since 1970; 0: not in memory
    std::string_view uid;                // as long as the ledger lives
    spool::SpoolId origin; // the first message with this content: itself, or what it is a copy of

    [[nodiscard]] bool was_fetched() const noexcept
    {
        return spool::is_short(completeness) || may_be_deleted();
    }

    /// The server has confirmed its deletion: what is listed under its name now may be another
    /// message, until its content has shown in the last 24 hours that it is not.
    [[nodiscard]] bool may_name_another(base::Instant now) const noexcept;
    [[nodiscard]] bool was_listed_again(base::Instant now) const noexcept; // in the last 24 hours

    /// Only what is stored in full may be deleted at the source.
    [[nodiscard]] bool may_be_deleted() const noexcept
    {
        return completeness == spool::Completeness::whole ||
               completeness == spool::Completeness::another_uid;
    }
};

/// What is in memory from one poll to the next of messages that are listed though they were
/// deleted: the hours (since 1970) in which they were looked at. About 60 octets each, for a day.
using ListedAgain = std::map<spool::SpoolId, std::uint32_t>;

/// Of one maildrop.
struct KnownCounts {
    std::size_t messages = 0;    // whatever became of them
    std::size_t without_uid = 0; // of these
    std::size_t left_out = 0;    // of these: there before the first poll
};

class Ledger {
public:
    Ledger();
    ~Ledger();
    Ledger(Ledger&& other) noexcept;
    Ledger& operator=(Ledger&& other) noexcept;
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    /// Everything that the spool remembers.
    [[nodiscard]] static base::Result<Ledger> load(const spool::LedgerSource& source);
    /// Of one mailbox.
    [[nodiscard]] static base::Result<Ledger> load(const spool::LedgerSource& source,
                                                   std::string_view mailbox,
                                                   const ListedAgain& listed_again = {});

    /// The message of that UID if it was announced with the same size, the newest where there are
    /// several. An empty UID is never known. That the UID is unique in the listing is for the
    /// caller to see: where it is not, the message has to be fetched. RFC 1939 §7.
    [[nodiscard]] std::optional<KnownMessage>
    find(const spool::MailboxKey& key, std::string_view uid, std::uint64_t announced_octets) const;

    /// Was a message of that UID, of whatever size, shorter than announced?
    [[nodiscard]] bool has_short(const spool::MailboxKey& key, std::string_view uid) const;

    /// The most octets of it that came so, announced with that size; 0 where none did.
    [[nodiscard]] std::uint64_t longest_short(const spool::MailboxKey& key, std::string_view uid,
                                              std::uint64_t announced_octets) const;

    /// All messages with that content, also under several UIDs, oldest first; after RETR.
    [[nodiscard]] std::vector<KnownMessage> find_content(const spool::MailboxKey& key,
                                                         const crypto::Sha256& sha256,
                                                         std::uint64_t octets) const;

    /// After a commit: `receipt` needs sha256 and octets where find_content is to see it.
    void add(const spool::SpoolId& id, const spool::Receipt& receipt,
             spool::SourceState state = spool::SourceState::kept);

    /// Beside Intake::note. An id that is not here is ignored.
    void change(const spool::SourceChange& change);

    /// Messages pending deletion that are not listed any more, and that have no other name either:
    /// the server may know those by that one.
    [[nodiscard]] std::vector<spool::SpoolId>
    gone(const spool::MailboxKey& key,
         const std::function<bool(std::string_view uid)>& is_listed) const;

    /// One that was deleted at the source was fetched again and is the same. Kept in memory alone:
    /// after a restart it is fetched once more.
    void note_listed_again(const spool::SpoolId& id, base::Instant now);
    /// Those that still count, for the next load().
    [[nodiscard]] ListedAgain listed_again(base::Instant now) const;

    /// Messages of that maildrop, whatever became of them.
    [[nodiscard]] std::size_t count(const spool::MailboxKey& key) const
    {
        return counts(key).messages;
    }
    [[nodiscard]] KnownCounts counts(const spool::MailboxKey& key) const;

    /// How many such were recorded as too large.
    [[nodiscard]] std::size_t count_too_large(const spool::MailboxKey& key, std::string_view uid,
                                              std::uint64_t announced_octets) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace watchpost::collector
