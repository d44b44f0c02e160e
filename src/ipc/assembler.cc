#include "ipc/assembler.h"

#include <iterator>
#include <utility>

namespace watchpost::ipc {

using base::ErrorCode;
using base::Retry;

base::Result<std::optional<Message>> Assembler::feed(const Frame& frame,
                                                     std::vector<os::UniqueFd> fds)
{
    if (is_open_ && frame.kind != message_.kind) {
        return base::fail(ErrorCode::protocol_violation, Retry::never,
                          "a message that goes on as another kind");
    }
    if (frame.payload.size() > limits_.message_bytes_max - message_.payload.size()) {
        return base::fail(ErrorCode::limit_exceeded, Retry::never,
                          "a message of more than " +
                              base::to_readable_bytes(limits_.message_bytes_max));
    }
    if (fds.size() > limits_.fds_max - message_.fds.size()) {
        return base::fail(ErrorCode::limit_exceeded, Retry::never,
                          "a message with more than " + std::to_string(limits_.fds_max) +
                              " descriptors");
    }
    message_.kind = frame.kind;
    message_.payload.insert(message_.payload.end(), frame.payload.begin(), frame.payload.end());
    std::move(fds.begin(), fds.end(), std::back_inserter(message_.fds));
    is_open_ = frame.has_more;
    if (is_open_) {
        return std::nullopt;
    }
    return std::exchange(message_, {});
}

} // namespace watchpost::ipc
