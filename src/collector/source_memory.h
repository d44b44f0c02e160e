// What the source of a mailbox looked like at the last poll, so that a change is told: another
// server under the same mailbox id, another certificate where the policy does not check it fully.
//
// Kept in the spool's StateStore. Thread rule: that of the store.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "collector/link_report.h"
#include "collector/mailbox_settings.h"
#include "spool/state_store.h"

namespace watchpost::collector {

class SourceMemory {
public:
    /// `store` outlives this.
    SourceMemory(spool::StateStore& store, std::string_view mailbox);

    /// Compares and remembers, durable on return. A note for the operator for each change.
    [[nodiscard]] base::Result<std::vector<std::string>> note(const MailboxSettings& settings,
                                                              const LinkReport& link);

private:
    [[nodiscard]] base::Result<std::optional<std::string>> replace(std::string_view what,
                                                                   const std::string& value);

    spool::StateStore& store_;
    std::string mailbox_;
};

} // namespace watchpost::collector
