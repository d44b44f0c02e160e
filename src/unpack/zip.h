// Zip archives: the directory is read by zip_directory.h, each member's data by libarchive.
#pragma once

#include "unpack/meter.h"
#include "unpack/passwords.h"

namespace watchpost::unpack {

/// Delivers what the directory lists, in its order and under its names, then what only local
/// headers show. A damaged member does not end the archive.
void unpack_zip(base::ByteView bytes, Passwords& passwords, Meter& meter);

} // namespace watchpost::unpack
