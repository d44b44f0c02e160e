// Images of whole disks: partitions by their tables (MBR, GPT: UEFI 2.10 §5), and the disk in a VHD
// of fixed size. What lies in them are members, to be recognised by themselves.
#pragma once

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// A partition table with at least one partition that begins in the image.
[[nodiscard]] bool is_partitioned_disk(base::ByteView bytes);

/// "partition 1" …
void unpack_partitions(base::ByteView bytes, Meter& meter);

/// "disk"; one that grows is the gap unsupported_archive.
void unpack_vhd(base::ByteView bytes, Meter& meter);

} // namespace watchpost::unpack
