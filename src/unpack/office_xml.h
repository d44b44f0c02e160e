// The XML parts of Office's packages (ECMA-376) that lead out of them: relationships, Word's
// fields, Excel's links to other programs; Excel's and Word's XML of 2003 as well.
//
// Free functions, thread-safe.
#pragma once

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// By the root element and what its beginning names. UTF-8, or UTF-16 with a byte order mark.
[[nodiscard]] bool is_office_xml(base::ByteView bytes);

/// Tells references: `load` for what is fetched when the document is opened, `dde` for programs
/// that are started, `link` for the rest. Fields whose code is in pieces, nested or made of
/// character numbers are put together.
void refer_office_xml(base::ByteView bytes, Meter& meter);

} // namespace watchpost::unpack
