// Formats that are texts and have no signature: known by how they begin, a byte order mark and
// blanks apart. Pure.
#pragma once

#include "base/bytes.h"

namespace watchpost::unpack {

[[nodiscard]] bool is_internet_shortcut(base::ByteView bytes);
[[nodiscard]] bool is_calendar(base::ByteView bytes); // also a business card
[[nodiscard]] bool is_svg(base::ByteView bytes);

} // namespace watchpost::unpack
