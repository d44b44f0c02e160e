// How often something was tried with single messages of a mailbox, so that it is not tried for
// ever.
//
// Kept in the spool's StateStore, by the messages' marks. Where there is no room for one more,
// none is added: the counts must not push each other out. Thread rule: that of the store.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "pop3/listing.h"
#include "spool/state_store.h"

namespace watchpost::collector {

class Attempts {
public:
    static constexpr std::size_t remembered_max = 100;

    /// `purpose` names what is counted, "short-messages"; `store` outlives this.
    Attempts(spool::StateStore& store, std::string_view purpose, std::string_view mailbox);

    [[nodiscard]] unsigned count(const pop3::ListedMessage& message) const;

    /// So many more messages can be counted.
    [[nodiscard]] std::size_t room() const noexcept { return remembered_max - counts_.size(); }

    /// Does nothing where the message is new and there is no room.
    void note(const pop3::ListedMessage& message);

    /// Forgets what is not among `marks`: it is of no interest any more.
    void keep_only(const std::set<std::string>& marks);

    /// Durable on return; nothing is written where nothing was noted.
    [[nodiscard]] base::Result<void> save();

private:
    using Counts = std::vector<std::pair<std::string, unsigned>>; // mark → times, oldest first

    [[nodiscard]] Counts::const_iterator find(const std::string& mark) const;

    spool::StateStore& store_;
    std::string name_;
    Counts counts_;
    bool has_changed_ = false;
};

} // namespace watchpost::collector
