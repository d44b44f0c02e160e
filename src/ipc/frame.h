// The frame: what one datagram of a SOCK_SEQPACKET socket holds. A message is one or more frames.
//
//   octet 0-1  0x57 0x50 ("WP")      octet 4-5  kind, little-endian
//   octet 2    version, 1            octet 6-7  zero
//   octet 3    flags: bit 0 = more   octet 8-11 length of what follows, little-endian
//
// The kernel keeps the borders of datagrams; the length stands there so that a cut one is seen.
// Pure functions; thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/error.h"

namespace watchpost::ipc {

/// Well below the smallest send buffer that a kernel gives a socket by default (208 KiB).
inline constexpr std::size_t frame_payload_bytes_max = std::size_t{64} * 1024;
inline constexpr std::size_t frame_header_bytes = 12;

using FrameHeader = std::array<std::byte, frame_header_bytes>;

struct Frame {
    std::uint16_t kind = 0;
    bool has_more = false; // the message goes on in the next frame
    base::ByteView payload;
};

[[nodiscard]] FrameHeader encode_header(const Frame& frame);

/// Strict: every octet of the header is checked, the length must be that of the datagram, and a
/// frame that announces more may not be empty. The payload is a view into `datagram`.
[[nodiscard]] base::Result<Frame> decode_frame(base::ByteView datagram);

} // namespace watchpost::ipc
