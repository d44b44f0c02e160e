// What a Windows shortcut (.lnk) starts and an internet shortcut (.url) leads to. [MS-SHLLINK].
#pragma once

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// Each target that the file names is a reference, the first with the arguments, for programs
/// differ in which they follow; the whole command is a member, so that rules for texts see it, and
/// so are octets behind the shortcut's end.
void unpack_shortcut(base::ByteView bytes, Meter& meter);

/// `URL=`, and icons and folders on other servers, which are fetched when the file is only shown.
void unpack_internet_shortcut(base::ByteView bytes, Meter& meter);

} // namespace watchpost::unpack
