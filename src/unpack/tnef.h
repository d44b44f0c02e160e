// Outlook's own wrapping of a message, "winmail.dat". [MS-OXTNEF].
#pragma once

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// Gives subject, bodies and attachments as members; an attachment that is a message is TNEF
/// again. Checksums are not believed, since Outlook does not either.
void unpack_tnef(base::ByteView bytes, Meter& meter);

} // namespace watchpost::unpack
