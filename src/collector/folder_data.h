// The pseudo message in which some servers keep a mailbox's state ("DON'T DELETE THIS MESSAGE"):
// recognised, so that it is never deleted. UW-IMAP, Pine, Alpine.
//
// It is collected and inspected like any other: whoever writes such a message gains only that it
// stays where it is. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "collector/plan.h"
#include "pop3/listing.h"
#include "spool/state_store.h"

namespace watchpost::collector {

/// Looks at the beginning of a message while it passes.
class FolderDataDetector {
public:
    static constexpr std::uint64_t message_octets_max = 16'384; // a longer one is none
    static constexpr std::size_t head_octets_max = 2'048;

    void take(base::ByteView content);
    [[nodiscard]] bool is_folder_data() const;

private:
    std::string head_;
};

/// Which message of a mailbox that is; kept in the spool's StateStore.
class FolderDataMemory {
public:
    /// `store` outlives this.
    FolderDataMemory(spool::StateStore& store, std::string_view mailbox);

    /// Durable on return.
    [[nodiscard]] base::Result<void> note(const pop3::ListedMessage& message);

    /// Its number in this listing, where it is there.
    [[nodiscard]] std::optional<std::uint32_t>
    find(const std::vector<pop3::ListedMessage>& listed) const;

private:
    spool::StateStore& store_;
    std::string name_;
};

} // namespace watchpost::collector
