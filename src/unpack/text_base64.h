// Base64 inside texts (calendars, data: addresses), as lenient as the programs that read it: what
// is no digit is passed over, padding ends nothing. RFC 4648 §4, §5. Pure, thread-safe.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace watchpost::unpack {

/// Both alphabets; the last octets of a text that is cut are left out.
[[nodiscard]] base::Bytes decode_text_base64(std::string_view text);

} // namespace watchpost::unpack
