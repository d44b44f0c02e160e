#include "collector/stuck_messages.h"

#include <algorithm>

#include "base/bytes.h"
#include "crypto/sha256.h"

namespace watchpost::collector {

namespace {

constexpr std::size_t mark_digits = 16;

/// Without a UID the size has to do: that only changes the order.
std::string mark_of(const pop3::ListedMessage& message)
{
    const std::string name = std::to_string(message.octets) + " " + message.uid;
    return crypto::to_hex(crypto::sha256(base::as_bytes(name))).substr(0, mark_digits);
}

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
    const auto stuck =
        std::stable_partition(wanted.begin(), wanted.end(), [&](const auto& message) {
            return !contains(marks_, mark_of(message));
        });
    std::vector<std::string> still_wanted;
    std::transform(stuck, wanted.end(), std::back_inserter(still_wanted), mark_of);
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
