// What libarchive opens by itself: the archives with several entries, and the bare compressions.
#pragma once

#include <string_view>

#include "unpack/format.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

void unpack_archive(const Format& format, base::ByteView bytes, Meter& meter);

/// A bare compression holds one member. gzip names it itself, and programs show that name; else it
/// is called as name_without_compression says.
void unpack_stream(const Format& format, base::ByteView bytes, std::string_view filename,
                   Meter& meter);

} // namespace watchpost::unpack
