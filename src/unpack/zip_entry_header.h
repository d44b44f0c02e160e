// A local header made from the directory's record, so that the library reads a member's data as the
// directory describes them, wherever they lie.
#pragma once

#include "base/bytes.h"
#include "unpack/zip_directory.h"

namespace watchpost::unpack {

/// Only the local header's time is taken from `local`: it takes part in the old encryption.
[[nodiscard]] base::Bytes make_zip_entry_header(const ZipEntry& listed, const ZipLocal& local);

/// Methods that the library can undo: stored, deflate, bzip2, LZMA, zstd, xz, PPMd, and AES around
/// them.
[[nodiscard]] bool is_supported_zip_method(std::uint16_t method) noexcept;

/// AE-2 entries carry no checksum; their data are authenticated.
[[nodiscard]] bool has_zip_checksum(const ZipEntry& entry);

} // namespace watchpost::unpack
