#include "collector/stuck_messages.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "collector/attempts.h"

namespace watchpost::collector {

namespace {

constexpr std::size_t mark_digits = 16;

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
    std::vector<pop3::ListedMessage> first;
    std::vector<pop3::ListedMessage> last;
    std::vector<std::string> still_wanted;
    for (auto& message : wanted) {
        const std::string mark = mark_of(message);
        if (contains(marks_, mark)) {
            still_wanted.push_back(mark);
            last.push_back(std::move(message));
        } else {
            first.push_back(std::move(message));
        }
    }
    std::move(last.begin(), last.end(), std::back_inserter(first));
    wanted = std::move(first);
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
