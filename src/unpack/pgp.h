// OpenPGP: whether something is encrypted by it. RFC 9580. Nothing is decrypted.
//
// Pure functions of the bytes.
#pragma once

#include "base/bytes.h"

namespace watchpost::unpack {

/// A message in ASCII armour (RFC 9580 §6.2) whose head stands at the begin of a line among the
/// first 256 KiB, also inside a text, or packets that begin with an encrypted session key (§5.1,
/// §5.3).
[[nodiscard]] bool holds_pgp_message(base::ByteView bytes);

} // namespace watchpost::unpack
