// Archives of several entries that libarchive opens by itself: 7z, rar, cab, iso, tar …
#pragma once

#include "unpack/format.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

void unpack_archive(const Format& format, base::ByteView bytes, Meter& meter);

} // namespace watchpost::unpack
