// Datagrams from a process in an attacker's hands: no more is kept than the limits allow, and a
// message has what its frames had.
#include <cstdint>
#include <cstdlib>

#include "ipc/assembler.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ipc::Limits limits{1000, 1};
    ipc::Assembler assembler{limits};
    auto rest = std::as_bytes(std::span{data, size});
    while (!rest.empty()) { // each datagram: its length in one octet, its octets
        const auto length = std::to_integer<std::size_t>(rest[0]);
        const auto datagram = base::slice(rest, 1, length);
        rest = rest.subspan(1 + datagram.size());
        const auto frame = ipc::decode_frame(datagram);
        if (!frame) {
            continue;
        }
        const auto message = assembler.feed(*frame, {});
        if (message && *message && (*message)->payload.size() > limits.message_bytes_max) {
            std::abort();
        }
    }
    return 0;
}
