// What an administrator should know of the mailbox's provider before it is watched.
//
// Only words depend on whose server it is, never how it is spoken to. A pure function.
#pragma once

#include <string>
#include <vector>

#include "collector/link_report.h"
#include "collector/mailbox_settings.h"

namespace watchpost::collector {

/// Sentences for people; empty where nothing is known of such a server.
[[nodiscard]] std::vector<std::string> advice_for(const LinkReport& link,
                                                  const MailboxSettings& settings);

} // namespace watchpost::collector
