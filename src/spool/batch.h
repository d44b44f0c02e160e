// A batch of arrivals made ready for the log: checked, hashed, as records.
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "spool/incoming.h"
#include "spool/intake.h"
#include "spool/new_record.h"

namespace watchpost::spool {

/// Refers to the contents of the arrivals, which outlive it.
struct PreparedBatch {
    std::vector<NewRecord> records; // one a message, in order
    std::vector<SpoolId> ids;
    std::vector<IncomingMessage*> large; // those with a file of their own
    std::uint64_t octets = 0;            // of the records
};

/// Fills in what the intake adds to the receipts, and takes the content away from too large
/// messages. Refuses the whole batch where one of them cannot be stored, or was fetched under
/// another epoch.
[[nodiscard]] base::Result<PreparedBatch> prepare(std::vector<Arrival>& batch, std::uint64_t epoch);

} // namespace watchpost::spool
