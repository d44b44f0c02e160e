// Archives of several entries that libarchive opens by itself: 7z, rar, cab, iso, tar …
#pragma once

#include "unpack/format.h"
#include "unpack/meter.h"
#include "unpack/passwords.h"
#include "unpack/program.h"

namespace watchpost::unpack {

/// What it holds encrypted, and the UDF side of a disc image, is left to `program`, which may be
/// null.
void unpack_archive(const Format& format, base::ByteView bytes, Passwords& passwords,
                    Program* program, Meter& meter);

} // namespace watchpost::unpack
