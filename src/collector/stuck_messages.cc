#include "collector/stuck_messages.h"

#include <algorithm>
#include <utility>

#include "collector/message_mark.h"

namespace watchpost::collector {

namespace {

bool contains(const std::vector<std::string>& marks, const std::string& mark)
{
    return std::find(marks.begin(), marks.end(), mark) != marks.end();
}

} // namespace

StuckMessages::StuckMessages(spool::StateStore& store, std::string_view mailbox)
    : store_{store}
    , name_{"stuck-messages/" + std::string{mailbox}}
{
    const std::string stored = store_.get(name_).value_or("");
    for (std::size_t at = 0; at + mark_digits <= stored.size(); at += mark_digits) {
        marks_.push_back(stored.substr(at, mark_digits));
    }
}

void StuckMessages::put_last(std::vector<pop3::ListedMessage>& wanted)
{
    if (marks_.empty()) {
        return;
    }
    std::vector<std::string> still_wanted;
    collector::put_last(wanted, [&](const std::string& mark) {
        const bool is_stuck = contains(marks_, mark);
        if (is_stuck) {
            still_wanted.push_back(mark);
        }
        return is_stuck;
    });
    marks_ = std::move(still_wanted);
}

base::Result<void> StuckMessages::note(const pop3::ListedMessage& message)
{
    const std::string mark = mark_of(message);
    std::erase(marks_, mark);
    marks_.push_back(mark);
    if (marks_.size() > remembered_max) {
        marks_.erase(marks_.begin(), marks_.end() - remembered_max);
    }
    std::string value;
    for (const auto& each : marks_) {
        value += each;
    }
    return store_.put(name_, value);
}

} // namespace watchpost::collector
