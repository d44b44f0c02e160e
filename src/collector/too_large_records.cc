#include "collector/too_large_records.h"

namespace watchpost::collector {

bool TooLargeRecords::take(const pop3::ListedMessage& message)
{
    if (message.has_usable_uid()) {
        return false;
    }
    const std::pair name{message.uid, message.octets};
    auto found = left_.find(name);
    if (found == left_.end()) {
        const auto count = ledger_.count_too_large(key_, message.uid, message.octets);
        found = left_.emplace(name, count).first;
    }
    if (found->second == 0) {
        return false;
    }
    --found->second;
    return true;
}

} // namespace watchpost::collector
