// One poll of a mailbox as the service does it: opens the password's box for just that long, takes
// over what was applied, polls, counts.
//
// Blocking, one thread a poll; the password lives in memory only during it.
#pragma once

#include <functional>
#include <memory>

#include "base/error.h"
#include "collector/batch_budget.h"
#include "collector/ledger.h"
#include "collector/limits.h"
#include "collector/mailbox_login.h"
#include "collector/mailbox_schedule.h"
#include "collector/token_login.h"
#include "collector/transport.h"
#include "secrets/sealed_box.h"
#include "spool/intake.h"
#include "spool/ledger_entry.h"
#include "spool/state_store.h"

namespace watchpost::collector {

using TransportFactory =
    std::function<base::Result<std::unique_ptr<Transport>>(const MailboxSettings&)>;

/// What all polls work with; everything outlives them and may be used by several at once.
struct PollTools {
    spool::Intake& intake;
    spool::StateStore& store;
    const spool::LedgerSource& receipts;
    const secrets::KeyPair& key; // the private half: opens the passwords
    std::uint64_t epoch = 0;
    SessionLimits limits;
    TransportFactory make_transport;
    std::function<base::Instant()> clock;
    std::shared_ptr<BatchBudget> budget = {}; // of all polls; where it is missing each has its own
    std::shared_ptr<TokenSource> tokens = {}; // may be missing where no mailbox takes any
};

/// Whom a poll tells how it goes on, and asks whether it may; both may be empty.
struct PollWatcher {
    std::function<void(const PollReport&)> on_progress;
    std::function<bool(const PollReport&)> is_turn_over;
};

/// The mailbox's ledger is in memory only meanwhile. `listed_again` is the same one at its next
/// poll.
[[nodiscard]] PollOutcome poll_mailbox(const PollTools& tools, const MailboxSchedule::Job& job,
                                       ListedAgain& listed_again, const PollWatcher& watcher);

/// Nothing where the log-in takes no token that is fetched. The tools outlive it.
[[nodiscard]] std::optional<TokenLogin> make_token_login(const PollTools& tools,
                                                         const MailboxSettings& settings,
                                                         const MailboxLogin& login);

/// What was collected for the mailbox over all runs; after a crash it may lack the last poll.
[[nodiscard]] Totals load_totals(const spool::StateStore& store, const std::string& mailbox);

} // namespace watchpost::collector
