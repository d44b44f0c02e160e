// What the spool's StateStore keeps of mailboxes for the console and for pauses goes with them.
// What keeps a mailbox that comes back from being collected twice, or from losing a message, stays:
// its maildrop's generation, its first poll, its own data, what was asked to be fetched again.
#pragma once

#include <functional>
#include <string_view>

#include "base/error.h"
#include "spool/state_store.h"

namespace watchpost::collector {

/// Durable on return. `is_there` says which mailboxes there are.
[[nodiscard]] base::Result<void>
forget_states_of_others(spool::StateStore& store,
                        const std::function<bool(std::string_view mailbox)>& is_there);

} // namespace watchpost::collector
