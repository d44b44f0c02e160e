// The last polls of a mailbox: a ring in the spool's StateStore, one name a poll.
//
// A record that cannot be read is left out and counted; it goes when its place in the ring comes
// round. Thread rule: that of the store; one writer a mailbox.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "collector/poll_record.h"
#include "spool/state_store.h"

namespace watchpost::collector {

struct PollList {
    std::vector<PollRecord> items; // newest first
    std::size_t damaged = 0;       // records that could not be read

    friend bool operator==(const PollList&, const PollList&) = default;
};

class PollHistory {
public:
    static constexpr std::size_t polls_max = 50; // by mailbox

    /// `store` outlives this.
    PollHistory(spool::StateStore& store, std::string_view mailbox);

    /// Gives it its number; durable on return.
    [[nodiscard]] base::Result<void> add(PollRecord record);

    [[nodiscard]] PollList load() const;

private:
    [[nodiscard]] std::string name_of(std::size_t place) const;

    spool::StateStore& store_;
    std::string prefix_;
};

/// {"items":[…],"damaged":0}: PollList of schema/openapi.yaml.
[[nodiscard]] std::string encode_polls(const PollList& polls);
[[nodiscard]] base::Result<PollList> parse_polls(const std::string& json);

} // namespace watchpost::collector
