// Formats whose signature is too short or missing: what else must hold before we believe it.
//
// Pure functions of the bytes from where the container would begin.
#pragma once

#include "base/bytes.h"

namespace watchpost::unpack {

[[nodiscard]] bool is_gzip(base::ByteView bytes);
[[nodiscard]] bool is_bzip2(base::ByteView bytes);
[[nodiscard]] bool is_compress(base::ByteView bytes);
[[nodiscard]] bool is_lzma(base::ByteView bytes); // the bare format of before xz
[[nodiscard]] bool is_zstd_behind_skippable_frame(base::ByteView bytes);
[[nodiscard]] bool is_lha(base::ByteView bytes);
[[nodiscard]] bool is_text_cpio(base::ByteView bytes);
[[nodiscard]] bool is_binary_cpio(base::ByteView bytes);
[[nodiscard]] bool is_arj(base::ByteView bytes);
[[nodiscard]] bool is_tar(base::ByteView bytes);
[[nodiscard]] bool is_vhd(base::ByteView bytes);
[[nodiscard]] bool is_dmg(base::ByteView bytes);
[[nodiscard]] bool is_ext(base::ByteView bytes); // 2, 3, 4
[[nodiscard]] bool is_pdf(base::ByteView bytes);

// What a self-extractor's program is followed by, checked as far as the header tells, for the
// signatures also stand in programs that only read archives.
[[nodiscard]] bool is_7z_header(base::ByteView bytes);
[[nodiscard]] bool is_rar_header(base::ByteView bytes);
[[nodiscard]] bool is_rar5_header(base::ByteView bytes);
[[nodiscard]] bool is_cab_header(base::ByteView bytes);

} // namespace watchpost::unpack
