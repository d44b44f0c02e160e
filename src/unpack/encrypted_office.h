// Office documents that are encrypted as a whole: an OLE file with the streams EncryptionInfo and
// EncryptedPackage. The document in clear is a member of its own.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "unpack/meter.h"
#include "unpack/passwords.h"

namespace watchpost::unpack {

inline constexpr std::size_t encryption_info_bytes_max = std::size_t{1} << 20U;

/// How many passwords are tried of a document that asks for so many rounds of hashing.
[[nodiscard]] std::size_t office_tries_max(std::uint32_t rounds) noexcept;

/// Tries Excel's own password first, then those that are known.
void unpack_encrypted_office(base::ByteView info, base::ByteView package, Passwords& passwords,
                             Meter& meter);

} // namespace watchpost::unpack
