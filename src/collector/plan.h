// Decides by the ledger what a session does with each listed message. A pure function.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "collector/fetch_again.h"
#include "collector/ledger.h"
#include "collector/mailbox_settings.h"
#include "pop3/listing.h"
#include "spool/intake.h"

namespace watchpost::collector {

/// A message of this listing that is ours, and that the policy wants gone at the source.
struct Removal {
    std::uint32_t number = 0;
    spool::SpoolId id;
};

/// A message that was shorter than announced when it was fetched.
struct KnownShort {
    pop3::ListedMessage message;
    spool::SpoolId id;
    std::uint64_t octets = 0;
};

struct Plan {
    std::vector<pop3::ListedMessage> wanted;    // to be fetched, in the order of the listing
    std::vector<pop3::ListedMessage> too_large; // by LIST, and not recorded so yet
    std::vector<KnownShort> known_short;        // counted as known; may be fetched again
    std::vector<Removal> removals;              // known, stored whole, and to be deleted
    std::size_t known = 0;
    // Mark numbers of those that are to be fetched again: they are wanted, behind what is new.
    std::unordered_multiset<std::uint64_t> again;
    std::size_t left_out = 0; // of these: there before the first poll
};

struct Policy {
    spool::MailboxKey key;
    AfterRetrieval after_retrieval = AfterRetrieval::leave_on_server;
    std::uint64_t message_bytes_max = message_bytes_default; // 0: no limit
};

/// What the spool would never take is as what the operator does not want: recorded, not fetched.
[[nodiscard]] Policy make_policy(const spool::MailboxKey& key, const MailboxSettings& settings,
                                 const spool::Intake& intake);

/// True where `octets` is beyond the policy's limit.
[[nodiscard]] bool is_too_large(const Policy& policy, std::uint64_t octets) noexcept;

/// A UID is known only where it stands once in the listing and with the size that the ledger has:
/// who can make two messages share a UID must not make one of them invisible. What is not known is
/// fetched. So is what is listed although its deletion was confirmed, once a day: nothing is
/// deleted under the name of another message; `now` is for that. So is, behind the rest, what is to
/// be fetched again; and what is in doubt: its content may be that of another message.
[[nodiscard]] Plan
make_plan(std::vector<pop3::ListedMessage> listed, const Ledger& ledger, const Policy& policy,
          base::Instant now, const FetchAgainRequest& again = {},
          const std::function<bool(const pop3::ListedMessage&)>& is_in_doubt = {});

/// How many of plan.too_large are so by the spool's limit, for the operator; empty: none.
[[nodiscard]] std::string note_too_large(const Plan& plan, const spool::Intake& intake);

} // namespace watchpost::collector
