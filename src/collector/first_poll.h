// "First poll: only from now on": what is in a maildrop before it is watched is recorded as seen,
// once for each maildrop.
//
// State in the spool's StateStore and its ledger. Thread rule: that of the poll.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "collector/ledger.h"
#include "collector/survey.h"
#include "spool/intake.h"
#include "spool/state_store.h"

namespace watchpost::collector {

/// Has this maildrop (mailbox and generation) been polled before?
class FirstPollRecord {
public:
    /// `store` outlives this.
    FirstPollRecord(spool::StateStore& store, const spool::MailboxKey& key);

    [[nodiscard]] bool is_to_come() const;
    /// When it was first tried; nullopt: not yet.
    [[nodiscard]] std::optional<base::Instant> tried_at() const;
    /// Durable on return; once.
    [[nodiscard]] base::Result<void> note_try(base::Instant now);
    /// Durable on return.
    [[nodiscard]] base::Result<void> note_done();

private:
    spool::StateStore& store_;
    std::string name_;
    std::string generation_;
};

struct SeenBefore {
    std::uint64_t recorded = 0;
    std::uint64_t without_uid = 0; // cannot be known again: they are fetched like new ones
};

struct SeenAs {
    const spool::MailboxKey& key;
    std::uint64_t epoch = 0;
    base::Instant at{};
};

/// Records every listed message that the ledger does not know, durable on return. A server without
/// UIDL cannot tell old from new: unsupported.
[[nodiscard]] base::Result<SeenBefore> record_as_seen(const Survey& survey, const SeenAs& as,
                                                      spool::Intake& intake, Ledger& ledger);

} // namespace watchpost::collector
