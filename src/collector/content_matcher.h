// What a fetched message is to those that are ours already, by its content.
//
// Decides for one listing: a message whose content is known under a UID that the server no longer
// lists has got another UID (migration, a rebuilt index); where the old UID is still listed it is a
// second copy. Not thread-safe.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
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

    /// Each known message becomes one other message at most.
    [[nodiscard]] ContentMatch match(const pop3::ListedMessage& message,
                                     const crypto::Sha256& sha256, std::uint64_t octets);

private:
    [[nodiscard]] bool is_listed(std::string_view uid) const;

    const Ledger& ledger_;
    spool::MailboxKey key_;
    std::vector<std::string> listed_; // sorted
    std::set<spool::SpoolId> taken_;
};

} // namespace watchpost::collector
