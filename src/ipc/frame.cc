#include "ipc/frame.h"

#include "base/assert.h"

namespace watchpost::ipc {

namespace {

constexpr std::byte magic_0{0x57};
constexpr std::byte magic_1{0x50};
constexpr std::byte version{1};
constexpr std::byte flag_more{1};

constexpr std::byte octet(std::size_t value, unsigned shift)
{
    return static_cast<std::byte>((value >> shift) & 0xFFU);
}

base::Failure violation(const char* what)
{
    return base::fail(base::ErrorCode::protocol_violation, base::Retry::never, what);
}

} // namespace

FrameHeader encode_header(const Frame& frame)
{
    WP_ASSERT(frame.payload.size() <= frame_payload_bytes_max);
    const std::size_t size = frame.payload.size();
    return {magic_0,
            magic_1,
            version,
            frame.has_more ? flag_more : std::byte{0},
            octet(frame.kind, 0),
            octet(frame.kind, 8),
            std::byte{0},
            std::byte{0},
            octet(size, 0),
            octet(size, 8),
            octet(size, 16),
            octet(size, 24)};
}

base::Result<Frame> decode_frame(base::ByteView datagram)
{
    if (datagram.size() < frame_header_bytes) {
        return violation("a frame that ends within its header");
    }
    const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(datagram[i]); };
    if (datagram[0] != magic_0 || datagram[1] != magic_1 || datagram[2] != version) {
        return violation("a frame of another protocol or version");
    }
    if ((datagram[3] & ~flag_more) != std::byte{0} || at(6) != 0 || at(7) != 0) {
        return violation("a frame with unknown flags");
    }
    const std::size_t size = at(8) | at(9) << 8U | at(10) << 16U | at(11) << 24U;
    if (size != datagram.size() - frame_header_bytes || size > frame_payload_bytes_max) {
        return violation("a frame whose length is not as it says");
    }
    const bool has_more = datagram[3] == flag_more;
    if (has_more && size == 0) {
        return violation("an empty frame that announces more"); // could go on for ever
    }
    return Frame{static_cast<std::uint16_t>(at(4) | at(5) << 8U), has_more,
                 datagram.subspan(frame_header_bytes)};
}

} // namespace watchpost::ipc
