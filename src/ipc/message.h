// One message between two of our processes: a kind, octets, descriptors. Named limits of both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "os/unique_fd.h"

namespace watchpost::ipc {

struct Message {
    std::uint16_t kind = 0; // meaning is the protocol's that uses the channel
    base::Bytes payload;
    std::vector<os::UniqueFd> fds;
};

/// What a receiver takes in one message. More is a violation of the protocol and ends the channel.
struct Limits {
    std::size_t message_bytes_max = std::size_t{1} << 20U;
    std::size_t fds_max = 1;
};

} // namespace watchpost::ipc
