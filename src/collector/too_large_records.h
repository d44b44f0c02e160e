// Which of the listed messages without a usable UID have been recorded as too large before: each
// record of the ledger answers for one message of its announced size, so that a poll records only
// what is beyond them. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "collector/ledger.h"
#include "pop3/listing.h"
#include "spool/intake.h"

namespace watchpost::collector {

class TooLargeRecords {
public:
    /// Both outlive this. For one listing.
    TooLargeRecords(const Ledger& ledger, const spool::MailboxKey& key) : ledger_{ledger}, key_{key}
    {
    }

    /// False with a usable UID: by that the ledger finds it.
    [[nodiscard]] bool take(const pop3::ListedMessage& message);

private:
    const Ledger& ledger_;
    const spool::MailboxKey& key_;
    std::map<std::pair<std::string, std::uint64_t>, std::size_t> left_; // by UID and announced size
};

} // namespace watchpost::collector
