#include "collector/message_mark.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "base/bytes.h"
#include "crypto/sha256.h"

namespace watchpost::collector {

namespace {

crypto::Sha256 digest_of(const pop3::ListedMessage& message)
{
    const std::string name = std::to_string(message.octets) + " " + message.uid;
    return crypto::sha256(base::as_bytes(name));
}

} // namespace

std::uint64_t mark_number(const pop3::ListedMessage& message)
{
    const auto digest = digest_of(message);
    std::uint64_t number = 0;
    std::memcpy(&number, digest.data(), sizeof number);
    return number;
}

std::string mark_of(const pop3::ListedMessage& message)
{
    return crypto::to_hex(digest_of(message)).substr(0, mark_digits);
}

std::size_t put_last(std::vector<pop3::ListedMessage>& messages,
                     const std::function<bool(const pop3::ListedMessage&)>& is_last)
{
    std::vector<pop3::ListedMessage> first;
    std::vector<pop3::ListedMessage> last;
    first.reserve(messages.size());
    for (auto& message : messages) {
        (is_last(message) ? last : first).push_back(std::move(message));
    }
    const std::size_t others = first.size();
    std::ranges::move(last, std::back_inserter(first));
    messages = std::move(first);
    return others;
}

} // namespace watchpost::collector
