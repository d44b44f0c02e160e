// CRC-32C (Castagnoli), RFC 3720 appendix B.4: finds damage, proves nothing against a forger.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace watchpost::spool {

/// The checksum of the bytes so far (`crc`, 0 at the start) followed by `bytes`. Uses the
/// processor's instruction where it has one.
[[nodiscard]] std::uint32_t crc32c(std::uint32_t crc, base::ByteView bytes) noexcept;

/// The same by tables, on every processor.
[[nodiscard]] std::uint32_t crc32c_portable(std::uint32_t crc, base::ByteView bytes) noexcept;

} // namespace watchpost::spool
