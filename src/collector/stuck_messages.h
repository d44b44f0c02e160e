// Messages at which a link broke, so that the next poll fetches them last: one message that a
// server cannot give out must not keep all that stand behind it from being collected.
//
// Kept in the spool's StateStore, by hashes of the UIDs. Thread rule: that of the store.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "pop3/listing.h"
#include "spool/state_store.h"

namespace watchpost::collector {

class StuckMessages {
public:
    static constexpr std::size_t remembered_max = 64; // the newest

    /// `store` outlives this.
    StuckMessages(spool::StateStore& store, std::string_view mailbox);

    /// Moves the stuck ones to the end, the others keep their order; forgets those that are not
    /// wanted any more.
    void put_last(std::vector<pop3::ListedMessage>& wanted);

    /// The link broke at this message. Durable on return.
    [[nodiscard]] base::Result<void> note(const pop3::ListedMessage& message);

private:
    spool::StateStore& store_;
    std::string name_;
    std::vector<std::string> marks_; // oldest first
};

} // namespace watchpost::collector
