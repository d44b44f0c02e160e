// What a mailbox's log-in hangs on, in words, and why one was not tried. Pure functions.
#pragma once

#include <string>

#include "base/time.h"
#include "collector/mailbox_settings.h"

namespace watchpost::collector {

/// What is judged where a log-in is refused, and has to be mended: "password", "token", "refresh
/// token", "client secret" or "client certificate".
[[nodiscard]] std::string judged_by(const MailboxSettings& settings);

/// "not tried: …; next try after 2026-11-24T06:00:00Z". Without a full stop: what helps follows.
[[nodiscard]] std::string describe_login_pause(const MailboxSettings& settings,
                                               base::Instant next_try);

} // namespace watchpost::collector
