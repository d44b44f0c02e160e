// The source of a VBA module, out of its stream. [MS-OVBA] §2.3.4.3, §2.4.1.
//
// The stream begins with compiled code of unstated length; the compressed source follows. It is
// found by its first line, which the editor always writes. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::unpack {

inline constexpr std::size_t vba_source_bytes_max = std::size_t{4} << 20U; // more is not read

struct VbaModule {
    std::size_t compiled_bytes = 0; // in front of the source
    std::string source;             // in the project's code page
};

/// Undoes the compression of [MS-OVBA] §2.4.1.3 as far as it goes; what is damaged ends the text.
[[nodiscard]] std::string decompress_vba(base::ByteView container);

/// nullopt where the stream holds no source that can be found.
[[nodiscard]] std::optional<VbaModule> read_vba_module(base::ByteView stream);

/// Whether a stream of this path in an OLE file is a module's: in the storage VBA, and none of
/// those that say what modules there are or what was compiled.
[[nodiscard]] bool is_vba_module_path(std::string_view path);

} // namespace watchpost::unpack
