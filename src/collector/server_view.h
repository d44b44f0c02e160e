// What a mailbox's server was at the last log-in, and what was learned about it: for people.
//
// A document in the spool's StateStore, MailServer of schema/openapi.yaml. Texts are quoted and
// cut. Thread rule: that of the store.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "collector/poll_report.h"
#include "spool/state_store.h"

namespace watchpost::collector {

/// Nothing where the poll did not log in. Durable on return.
[[nodiscard]] base::Result<void> keep_server_view(spool::StateStore& store,
                                                  std::string_view mailbox,
                                                  const PollReport& report, base::Instant now);

/// {} where it has not logged in yet, or where what is stored cannot be read.
[[nodiscard]] std::string load_server_view(const spool::StateStore& store,
                                           std::string_view mailbox);

/// The certificate that ends first in the chain, where it has ended or ends within 30 days; one
/// that is made for less than 90 days, in the last third of its time. Empty: none.
[[nodiscard]] std::string certificate_warning(const PollReport& report, base::Instant now);

} // namespace watchpost::collector
