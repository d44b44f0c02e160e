// S/MIME: what a CMS structure signs, as a member. RFC 5652, RFC 8551. Wraps libcrypto's CMS.
//
// Nothing is verified: a signature says who, not what. What is encrypted for its recipients is the
// gap "encrypted_message". Free functions, thread-safe.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// A ContentInfo in DER or BER whose type is one of CMS.
[[nodiscard]] bool is_cms(base::ByteView bytes);

/// A signature without content (smime.p7s) or a bundle of certificates has no member and no gap.
/// `filename` names the content: contract.pdf.p7m holds contract.pdf.
void unpack_cms(base::ByteView bytes, std::string_view filename, Meter& meter);

} // namespace watchpost::unpack
