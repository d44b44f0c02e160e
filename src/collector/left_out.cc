#include "collector/left_out.h"

#include "base/bytes.h"

namespace watchpost::collector {

namespace {

constexpr std::string_view renamed = "renamed";

} // namespace

/// The stored value: "GENERATION COUNT" or "GENERATION renamed".
LeftOutMessages::LeftOutMessages(spool::StateStore& store, const spool::MailboxKey& key)
    : store_{store}
    , name_{"left-out/" + key.mailbox}
    , generation_{std::to_string(key.generation) + " "}
{
    const std::string stored = store_.get(name_).value_or("");
    if (stored.starts_with(generation_)) {
        const auto rest = std::string_view{stored}.substr(generation_.size());
        were_renamed_ = rest == renamed;
        listed_ = base::parse_decimal(rest).value_or(0);
    }
}

base::Result<void> LeftOutMessages::note(std::uint64_t listed, std::uint64_t unknown)
{
    if (were_renamed_) {
        return {};
    }
    were_renamed_ = listed == 0 && listed_ > 0 && unknown >= listed_ - listed_ / 2;
    if (!were_renamed_ && listed == listed_) {
        return {};
    }
    listed_ = listed;
    return store_.put(name_, generation_ +
                                 (were_renamed_ ? std::string{renamed} : std::to_string(listed)));
}

} // namespace watchpost::collector
