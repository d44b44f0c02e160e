// What is stored in a PowerPoint file of the old format: embedded objects and the project of its
// macros, compressed. [MS-PPT] §2.10.34. Wraps zlib.
#pragma once

#include <string>

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// `stream` is "PowerPoint Document"; each stored OLE file is a member `name`/object 1 … Found by
/// the heads of their records wherever they stand: a list of offsets can lie.
void unpack_presentation(base::ByteView stream, const std::string& name, Meter& meter);

} // namespace watchpost::unpack
