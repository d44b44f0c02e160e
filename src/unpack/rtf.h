// The objects embedded in an RTF text as members: packaged files under their names, other objects
// under the name of their class; HTML that the RTF was made from, as "rtf body.html".
#pragma once

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// Where Word would read the digits otherwise than we do, each reading's objects are given.
void unpack_rtf(base::ByteView bytes, Meter& meter);

} // namespace watchpost::unpack
