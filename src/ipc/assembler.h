// Puts frames together into messages, under the receiver's limits. No I/O. Not thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "base/error.h"
#include "ipc/frame.h"
#include "ipc/message.h"

namespace watchpost::ipc {

class Assembler {
public:
    explicit Assembler(const Limits& limits) : limits_{limits} {}

    /// Takes one frame with the descriptors that came along. The message once it is whole, nullopt
    /// before. After an error the peer is not to be listened to any more.
    [[nodiscard]] base::Result<std::optional<Message>> feed(const Frame& frame,
                                                            std::vector<os::UniqueFd> fds);

    /// False within a message: the peer ended in the middle.
    [[nodiscard]] bool is_between_messages() const noexcept { return !is_open_; }

private:
    Limits limits_;
    Message message_;
    bool is_open_ = false;
};

} // namespace watchpost::ipc
