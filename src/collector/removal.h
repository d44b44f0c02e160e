// Deletes at the source what is ours, and ends the session: DELE, QUIT.
//
// "expunged" is recorded on QUIT's +OK only (RFC 1939 §6: before that nothing has been removed);
// where it does not come, the next session deletes the same messages again by their UIDs. Not
// thread-safe.
#pragma once

#include <vector>

#include "base/error.h"
#include "collector/ledger.h"
#include "collector/limits.h"
#include "collector/link.h"
#include "collector/plan.h"
#include "collector/poll_report.h"
#include "collector/survey.h"
#include "spool/intake.h"

namespace watchpost::collector {

/// Only for messages whose commit has returned. Without removals a QUIT that fails is no error.
[[nodiscard]] base::Result<void> remove_and_quit(Link& link, const std::vector<Removal>& removals,
                                                 Pipelining pipelining, const SessionLimits& limits,
                                                 spool::Intake& intake, Ledger& ledger,
                                                 PollReport& report);

} // namespace watchpost::collector
