// Bare compressions (gzip, xz, bzip2 …) by libarchive: one member.
#pragma once

#include <string_view>

#include "unpack/format.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// gzip names its member itself, and programs show that name; else the member is called as
/// name_without_compression() says.
void unpack_stream(const Format& format, base::ByteView bytes, std::string_view filename,
                   Meter& meter);

} // namespace watchpost::unpack
