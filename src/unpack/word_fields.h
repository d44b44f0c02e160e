// The fields of a Word document of the old format: where they lead. [MS-DOC] §2.8.25.
#pragma once

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// `stream` is "WordDocument". A field begins with the character 0x13; text is of 8 or 16 bits a
/// character, and both are tried, since which holds where is written in tables that can lie.
void refer_word_fields(base::ByteView stream, Meter& meter);

} // namespace watchpost::unpack
