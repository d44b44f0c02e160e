#include "collector/uid_memory.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/words.h"

namespace watchpost::collector {

/// The stored value: "GENERATION CHANGES TIME". What cannot be read is as good as nothing.
UidMemory::UidMemory(spool::StateStore& store, const spool::MailboxKey& key)
    : store_{store}
    , name_{"uid-changes/" + key.mailbox}
    , generation_{std::to_string(key.generation) + " "}
{
    const std::string stored = store_.get(name_).value_or("");
    if (!stored.starts_with(generation_)) {
        return;
    }
    auto rest = std::string_view{stored}.substr(generation_.size());
    const auto changes = base::parse_decimal(base::take_word(rest));
    const auto last_at = base::parse_rfc3339(rest);
    if (changes && last_at) {
        changes_ = static_cast<unsigned>(std::min<std::uint64_t>(*changes, changes_max));
        last_at_ = *last_at;
    }
}

bool UidMemory::do_not_last(base::Instant now) const noexcept
{
    const bool is_of_the_past = last_at_ <= now + std::chrono::hours{24}; // a clock once wrong
    return changes_ >= changes_max && is_of_the_past && now < last_at_ + remembered_max;
}

base::Result<void> UidMemory::note_all_changed(base::Instant now)
{
    const bool is_over = changes_ >= changes_max && !do_not_last(now);
    changes_ = is_over ? 1 : std::min(changes_ + 1, changes_max);
    last_at_ = now;
    return store_.put(name_, generation_ + std::to_string(changes_) + " " + base::to_rfc3339(now));
}

base::Result<void> UidMemory::note_lasted()
{
    if (changes_ == 0) {
        return {};
    }
    changes_ = 0;
    return store_.put(name_, "");
}

} // namespace watchpost::collector
