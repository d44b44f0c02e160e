// The FAT file system of disk images (.img, partitions of .vhd): FAT12, FAT16, FAT32, long names.
// [MS-FAT] (fatgen103), ECMA-107.
//
// No library of Debian reads it from memory. Nothing is believed that leads out of the image or in
// a circle; deleted files are not given.
#pragma once

#include "base/bytes.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

inline constexpr std::size_t fat_depth_max = 64; // of folders

[[nodiscard]] bool is_fat(base::ByteView bytes);

/// Files by their long names, with the path of their folders.
void unpack_fat(base::ByteView bytes, Meter& meter);

} // namespace watchpost::unpack
