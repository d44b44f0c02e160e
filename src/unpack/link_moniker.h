// Monikers in the streams of OLE: the addresses that linked objects are fetched from, and those of
// hyperlinks. [MS-OLEDS] §2.3.3, [MS-OSHARED] §2.3.7.
#pragma once

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// URL monikers, and file monikers of another host, wherever their class stands in the stream.
void refer_link_monikers(base::ByteView stream, Reference::Kind kind, Meter& meter);

} // namespace watchpost::unpack
