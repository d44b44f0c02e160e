// What an SVG image runs, carries and leads to. Viewers open it as a page: its scripts run, its
// data: addresses become files. Pure reading of tags; no entity but those of XML is resolved.
#pragma once

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// Scripts, handlers and the content of data: addresses are members, addresses are references.
void unpack_svg(base::ByteView bytes, Meter& meter);

} // namespace watchpost::unpack
