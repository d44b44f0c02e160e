// What is remembered of every message that ever became ours: the source of the collector's ledger.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "base/error.h"
#include "spool/intake.h"

namespace watchpost::spool {

struct LedgerEntry {
    SpoolId id;
    Receipt receipt;
    SourceState state = SourceState::kept; // what became of it at the source
};

/// Thread rule: that of the implementation.
class LedgerSource {
public:
    virtual ~LedgerSource() = default;
    LedgerSource(const LedgerSource&) = delete;
    LedgerSource& operator=(const LedgerSource&) = delete;

    /// Calls `visit` once for every message whose record and content are readable, those of one
    /// mailbox oldest first, also where the content has been settled and removed. A message that
    /// was damaged is left out: it has to be fetched again where it still can be.
    [[nodiscard]] virtual base::Result<void>
    for_each_entry(const std::function<void(const LedgerEntry&)>& visit) const = 0;

    /// The same for one mailbox's alone, all its generations.
    [[nodiscard]] virtual base::Result<void>
    for_each_entry_of(std::string_view mailbox,
                      const std::function<void(const LedgerEntry&)>& visit) const = 0;

    /// About how many those are.
    [[nodiscard]] virtual std::size_t count_of(std::string_view mailbox) const = 0;

protected:
    LedgerSource() = default;
};

} // namespace watchpost::spool
