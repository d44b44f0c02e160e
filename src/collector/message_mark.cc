#include "collector/message_mark.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/bytes.h"
#include "crypto/sha256.h"

namespace watchpost::collector {

std::string mark_of(const pop3::ListedMessage& message)
{
    const std::string name = std::to_string(message.octets) + " " + message.uid;
    return crypto::to_hex(crypto::sha256(base::as_bytes(name))).substr(0, mark_digits);
}

std::size_t put_last(std::vector<pop3::ListedMessage>& messages,
                     const std::function<bool(const std::string& mark)>& is_last)
{
    std::vector<pop3::ListedMessage> first;
    std::vector<pop3::ListedMessage> last;
    first.reserve(messages.size());
    for (auto& message : messages) {
        (is_last(mark_of(message)) ? last : first).push_back(std::move(message));
    }
    const std::size_t others = first.size();
    std::ranges::move(last, std::back_inserter(first));
    messages = std::move(first);
    return others;
}

} // namespace watchpost::collector
