// The source of a VBA module, out of its stream ([MS-OVBA] §2.3.4.3, §2.4.1), and what it shows.
//
// The stream begins with compiled code of unstated length; the compressed source follows. It is
// found by its first line, which the editor always writes. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::inspect::attachment {

inline constexpr std::size_t vba_source_bytes_max = std::size_t{4} << 20U; // more is not read

struct VbaModule {
    std::size_t compiled_bytes = 0; // in front of the source
    std::string source;
};

/// Undoes the compression of [MS-OVBA] §2.4.1.3 as far as it goes; what is damaged ends the text.
[[nodiscard]] std::string decompress_vba(base::ByteView container);

/// nullopt where the stream holds no source that can be found.
[[nodiscard]] std::optional<VbaModule> read_vba_module(base::ByteView stream);

/// Nothing but what the editor writes by itself.
[[nodiscard]] bool is_empty_module(const VbaModule& module);

/// The first name in the source of a procedure that Office runs by itself ("AutoOpen"); empty where
/// there is none.
[[nodiscard]] std::string_view find_autoexec(std::string_view source);

/// The first word in the source that starts programs, fetches files or calls the system; empty
/// where there is none.
[[nodiscard]] std::string_view find_suspicious(std::string_view source);

} // namespace watchpost::inspect::attachment
