#include "collector/attempts.h"

#include <algorithm>

#include "collector/message_mark.h"

namespace watchpost::collector {

namespace {

constexpr unsigned attempts_max = 9; // one digit

} // namespace

/// The stored value: a mark and a digit for each message, without anything between.
Attempts::Attempts(spool::StateStore& store, std::string_view purpose, std::string_view mailbox)
    : store_{store}
    , name_{std::string{purpose} + "/" + std::string{mailbox}}
{
    const std::string stored = store_.get(name_).value_or("");
    for (std::size_t at = 0; at + mark_digits < stored.size(); at += mark_digits + 1) {
        const char digit = stored[at + mark_digits];
        if (digit >= '1' && digit <= '9' && counts_.size() < remembered_max) {
            counts_.emplace_back(stored.substr(at, mark_digits),
                                 static_cast<unsigned>(digit - '0'));
        }
    }
}

Attempts::Counts::const_iterator Attempts::find(const std::string& mark) const
{
    return std::ranges::find_if(counts_, [&](const auto& each) { return each.first == mark; });
}

unsigned Attempts::count(const pop3::ListedMessage& message) const
{
    const auto found = find(mark_of(message));
    return found == counts_.end() ? 0 : found->second;
}

void Attempts::note(const pop3::ListedMessage& message)
{
    const std::string mark = mark_of(message);
    if (const auto found = find(mark); found != counts_.end()) {
        auto& times = counts_[static_cast<std::size_t>(found - counts_.begin())].second;
        times = std::min(times + 1, attempts_max);
    } else if (room() > 0) {
        counts_.emplace_back(mark, 1);
    } else {
        return;
    }
    has_changed_ = true;
}

void Attempts::keep_only(const std::set<std::string>& marks)
{
    const auto forgotten =
        std::erase_if(counts_, [&](const auto& each) { return !marks.contains(each.first); });
    has_changed_ = has_changed_ || forgotten > 0;
}

base::Result<void> Attempts::save()
{
    if (!std::exchange(has_changed_, false)) {
        return {};
    }
    std::string value;
    for (const auto& [mark, times] : counts_) {
        value += mark + static_cast<char>('0' + times);
    }
    return store_.put(name_, value);
}

} // namespace watchpost::collector
