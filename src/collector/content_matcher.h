// What a fetched message is to those that are ours already, by its content.
//
// Decides for one listing: a message whose content is known under a UID that the server no longer
// lists has got another UID (migration, a rebuilt index). Only as many can have one as copies were
// stored, less those that were deleted at the source and those that are listed still: what is
// beyond that is a copy of its own. Without a UID also what was deleted may be what is listed
// still: some servers delete nothing. Cheap where nothing new comes. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collector/ledger.h"
#include "crypto/sha256.h"
#include "pop3/listing.h"
#include "spool/intake.h"

namespace watchpost::collector {

struct ContentMatch {
    enum class Kind : std::uint8_t {
        is_new,         // to be kept
        fetched_before, // nothing to be recorded
        another_uid     // the same message under another UID, or listed with another size
    };
    Kind kind = Kind::is_new;
    KnownMessage known = {}; // where it is not new
};

class ContentMatcher {
public:
    /// The ledger outlives the matcher; `listed` is all that the server lists now.
    ContentMatcher(const Ledger& ledger, spool::MailboxKey key,
                   const std::vector<pop3::ListedMessage>& listed);

    /// Each known message becomes one other message at most. What is short of what is announced now
    /// may be what a whole one was before, and a stump: sizes change with the server, and with it
    /// the octets do not. A whole one is never what a stump was under another UID.
    [[nodiscard]] ContentMatch match(const pop3::ListedMessage& message,
                                     const crypto::Sha256& sha256, std::uint64_t octets,
                                     spool::Completeness completeness);

    /// A stump of a message of which at least as much is ours: nothing is gained by keeping it.
    [[nodiscard]] bool is_lesser_stump(const pop3::ListedMessage& message,
                                       std::uint64_t octets) const;

    /// Was this message, or this very content, once shorter than announced? Then no estimate
    /// explains what is missing.
    [[nodiscard]] bool was_short(const pop3::ListedMessage& message, const crypto::Sha256& sha256,
                                 std::uint64_t octets);

    /// A usable UID of the listing. Sorts it when asked for the first time.
    [[nodiscard]] bool is_listed(std::string_view uid);

private:
    /// All that is known with one content.
    struct Content {
        std::vector<KnownMessage> rows; // oldest first
        std::multimap<std::string_view, std::size_t> by_uid;
        std::size_t copies_left = 0; // that may have got another name
        std::size_t next = 0;        // rows before it are taken
        std::size_t short_left = 0;  // likewise, of those that were short of announced
        std::size_t next_short = 0;
        std::size_t next_expunged = 0;     // likewise, of those that were deleted at the source
        std::set<spool::SpoolId> expunged; // origins that stood for a message
        std::map<spool::SpoolId, std::uint32_t> requests; // origin → newest to fetch it again
        bool has_short = false;
        bool has_whole = false;
    };

    /// Null where nothing is known of it, which is the usual case: that takes no memory.
    [[nodiscard]] Content* content(const crypto::Sha256& sha256, std::uint64_t octets);
    [[nodiscard]] Content make_content(std::vector<KnownMessage> rows);
    [[nodiscard]] const KnownMessage* take_copy(Content& content);
    [[nodiscard]] const KnownMessage* take_short_copy(Content& content);
    [[nodiscard]] static const KnownMessage* take_expunged(Content& content);
    [[nodiscard]] static KnownMessage with_newest_request(const Content& content,
                                                          KnownMessage known);
    [[nodiscard]] ContentMatch match_without_uid(Content& content,
                                                 spool::Completeness completeness);
    [[nodiscard]] static ContentMatch match_uid(const Content& content,
                                                const pop3::ListedMessage& message,
                                                spool::Completeness completeness);

    const Ledger& ledger_;
    spool::MailboxKey key_;
    std::string uids_;                     // usable ones of the listing, one behind the other
    std::vector<std::size_t> ends_;        // of each, in uids_
    std::vector<std::string_view> listed_; // sorted; made when first asked for
    std::map<std::pair<crypto::Sha256, std::uint64_t>, Content> contents_;
};

} // namespace watchpost::collector
