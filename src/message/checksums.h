// The checksums of files that stand encoded in texts: CRC-32 of yEnc, CRC-16 of BinHex (RFC 1741).
// They find damage, not forgery. Thread-safe.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace watchpost::message {

/// As zip and Ethernet have it.
[[nodiscard]] std::uint32_t crc32(base::ByteView bytes) noexcept;

/// Polynomial 0x1021, begun with 0, the two octets of the checksum itself counted as 0.
[[nodiscard]] std::uint16_t binhex_crc(base::ByteView bytes) noexcept;

} // namespace watchpost::message
