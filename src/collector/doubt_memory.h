// Messages whose content may be that of another one: while they were fetched the server gave a
// reply too many, or too few. Until each of them was fetched again with proof, none counts as known
// and none is deleted, in later polls too.
//
// Kept in the spool's StateStore as a range of ids: those of the links that fell out of step.
// Thread rule: that of the store.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "spool/intake.h"
#include "spool/state_store.h"

namespace watchpost::collector {

class DoubtMemory {
public:
    /// `store` outlives this.
    DoubtMemory(spool::StateStore& store, std::string_view mailbox);

    [[nodiscard]] bool is_empty() const noexcept { return !range_; }
    [[nodiscard]] bool covers(const spool::SpoolId& id) const noexcept;

    /// Durable on return.
    [[nodiscard]] base::Result<void> add(const std::vector<spool::SpoolId>& ids);
    [[nodiscard]] base::Result<void> forget();

private:
    spool::StateStore& store_;
    std::string name_;
    std::optional<std::pair<spool::SpoolId, spool::SpoolId>> range_; // both ends belong to it
};

} // namespace watchpost::collector
