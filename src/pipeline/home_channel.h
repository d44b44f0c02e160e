// The channel of a sandboxed process to whoever started it. Every failure is the same: that one is
// gone or wants us gone, so the process ends, without destructors that hostile bytes may have
// broken. One thread.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <span>
#include <utility>

#include "base/bytes.h"
#include "base/time.h"
#include "ipc/channel.h"

namespace watchpost::pipeline {

/// `Kind` are the messages of its protocol.
template <typename Kind>
class HomeChannel {
public:
    explicit HomeChannel(ipc::Channel channel) : channel_{std::move(channel)} {}

    void send(Kind kind, base::ByteView payload, std::span<const int> fds = {})
    {
        if (!channel_.send(static_cast<std::uint16_t>(kind), payload, fds, no_deadline)) {
            ::_exit(0);
        }
    }

    [[nodiscard]] ipc::Message receive()
    {
        auto message = channel_.receive(no_deadline);
        if (!message) {
            ::_exit(0);
        }
        return std::move(*message);
    }

private:
    static constexpr auto no_deadline = base::Deadline::max(); // the other side has one, and kills

    ipc::Channel channel_;
};

} // namespace watchpost::pipeline
