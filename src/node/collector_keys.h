// The key pair of the mailbox passwords: made once, its private half for the collector alone.
#pragma once

#include "base/error.h"
#include "node/state_folder.h"

namespace watchpost::node {

/// Makes keys/collector.key (0600) and keys/collector.pub where both are missing, durably; a
/// missing public half follows from the private one. A key file that cannot be read, or whose
/// private half was lost, is an error with the remedy: a new pair would make every stored password
/// unreadable.
[[nodiscard]] base::Result<void> ensure_collector_keys(const StateFolder& folder);

} // namespace watchpost::node
