// The RTF body of a message as Outlook compresses it. [MS-OXRTFCP]. Thread-safe.
#pragma once

#include <functional>

#include "base/bytes.h"

namespace watchpost::unpack {

/// Gives the RTF piece by piece until it ends or `take` returns false. Declared sizes and the
/// checksum are not believed: whatever can be decoded is given. False where the data end before
/// their end mark, or are not of this format; `take` may have been given the beginning then.
[[nodiscard]] bool decompress_rtf(base::ByteView compressed,
                                  const std::function<bool(base::ByteView)>& take);

} // namespace watchpost::unpack
