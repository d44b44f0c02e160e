// What a mailbox's own secrets will end by: the client secret's date, which an operator typed
// and which counts to its end (UTC), and the client certificate's. A pure function.
#pragma once

#include <string>

#include "base/time.h"
#include "collector/mailbox_settings.h"

namespace watchpost::collector {

/// A sentence for each that ends within 30 days or has ended, with the remedy; empty: none.
[[nodiscard]] std::string expiry_warning(const MailboxSettings& settings, base::Instant now);

} // namespace watchpost::collector
