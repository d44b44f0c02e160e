#include "collector/doubt_memory.h"

#include <algorithm>

namespace watchpost::collector {

using spool::SpoolId;

DoubtMemory::DoubtMemory(spool::StateStore& store, std::string_view mailbox)
    : store_{store}
    , name_{"doubt/" + std::string{mailbox}}
{
    const std::string stored = store_.get(name_).value_or("");
    const auto blank = std::min(stored.find(' '), stored.size());
    const auto first = SpoolId::parse(std::string_view{stored}.substr(0, blank));
    const auto last =
        SpoolId::parse(std::string_view{stored}.substr(std::min(blank + 1, stored.size())));
    if (first && last) {
        range_ = std::pair{*first, *last};
    }
}

bool DoubtMemory::covers(const SpoolId& id) const noexcept
{
    return range_ && range_->first <= id && id <= range_->second;
}

base::Result<void> DoubtMemory::add(const std::vector<SpoolId>& ids)
{
    if (ids.empty()) {
        return {};
    }
    const auto [first, last] = std::ranges::minmax(ids);
    auto range = std::pair{first, last};
    if (range_) {
        range = {std::min(range_->first, first), std::max(range_->second, last)};
    }
    auto stored = store_.put(name_, range.first.to_string() + ' ' + range.second.to_string());
    if (stored) {
        range_ = range;
    }
    return stored;
}

base::Result<void> DoubtMemory::forget()
{
    if (!range_) {
        return {};
    }
    auto stored = store_.put(name_, "");
    if (stored) {
        range_.reset();
    }
    return stored;
}

} // namespace watchpost::collector
