// OLE compound files (old Office documents, .msi, .msg): each stream is a member, its path joined
// by "/". [MS-CFB].
#pragma once

#include "unpack/meter.h"
#include "unpack/passwords.h"

namespace watchpost::unpack {

void unpack_ole(base::ByteView bytes, Passwords& passwords, Meter& meter);

} // namespace watchpost::unpack
