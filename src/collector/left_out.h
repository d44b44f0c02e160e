// What "only from now on" left out, while the server gives it other names: then nobody can tell it
// from new mail, and nothing of the maildrop may be deleted any more.
//
// It has no content here, so that only its UIDs tell. Kept in the spool's StateStore, by mailbox
// and generation. Thread rule: that of the store.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "spool/intake.h"
#include "spool/state_store.h"

namespace watchpost::collector {

class LeftOutMessages {
public:
    /// `store` outlives this.
    LeftOutMessages(spool::StateStore& store, const spool::MailboxKey& key);

    /// One listing: so many of those that were left out are in it, and so many that are not known.
    /// All of the former gone at once, and at least half as many of the latter: they were renamed.
    /// Durable on return.
    [[nodiscard]] base::Result<void> note(std::uint64_t listed, std::uint64_t unknown);

    /// For as long as the maildrop stands.
    [[nodiscard]] bool were_renamed() const noexcept { return were_renamed_; }

private:
    spool::StateStore& store_;
    std::string name_;
    std::string generation_;
    std::uint64_t listed_ = 0; // at the listing before
    bool were_renamed_ = false;
};

} // namespace watchpost::collector
