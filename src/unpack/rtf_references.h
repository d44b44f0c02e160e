// Where an RTF text leads: its template, its fields. RTF specification 1.9.1. Thread-safe.
#pragma once

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// {\*\template …} and fields that include or link to other files, or start programs (DDE). Texts
/// are taken together from the groups they are spread over.
void refer_rtf(base::ByteView rtf, Meter& meter);

} // namespace watchpost::unpack
