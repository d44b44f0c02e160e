// Appointments (.ics) and business cards (.vcf): files and addresses in them. RFC 5545, RFC 6350.
#pragma once

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// Values in base64 are members, addresses anywhere in the text are references.
void unpack_calendar(base::ByteView bytes, Meter& meter);

} // namespace watchpost::unpack
