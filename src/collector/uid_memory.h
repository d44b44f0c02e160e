// Do the UIDs of a maildrop last from one poll to the next, as RFC 1939 §7 demands? Where they all
// change at several polls in a row they say nothing: each would only add a name to the ledger.
//
// Kept in the spool's StateStore, by mailbox and generation; forgotten after some time, since the
// server may have been mended. Thread rule: that of the store.
#pragma once

#include <chrono>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "spool/intake.h"
#include "spool/state_store.h"

namespace watchpost::collector {

class UidMemory {
public:
    static constexpr unsigned changes_max = 3; // in a row
    static constexpr std::chrono::days remembered_max{30};

    /// `store` outlives this.
    UidMemory(spool::StateStore& store, const spool::MailboxKey& key);

    [[nodiscard]] bool do_not_last(base::Instant now) const noexcept;

    /// Durable on return.
    [[nodiscard]] base::Result<void> note_all_changed(base::Instant now);
    [[nodiscard]] base::Result<void> note_lasted();

private:
    spool::StateStore& store_;
    std::string name_;
    std::string generation_;
    unsigned changes_ = 0;
    base::Instant last_at_{};
};

} // namespace watchpost::collector
