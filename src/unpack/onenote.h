// The files embedded in a section of OneNote (.one). [MS-ONESTORE] §2.6.13.
#pragma once

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// Every FileDataStoreObject is a member, whether a page shows it or not: found by its own mark and
/// not by the section's tables. Names are those that the section's texts hold, by their order, so a
/// name may belong to another file.
void unpack_onenote(base::ByteView bytes, Meter& meter);

} // namespace watchpost::unpack
