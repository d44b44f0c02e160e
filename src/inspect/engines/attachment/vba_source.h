// What the source of a VBA module shows. Pure, thread-safe.
#pragma once

#include <string_view>

#include "unpack/vba_module.h"

namespace watchpost::inspect::attachment {

using unpack::VbaModule;

/// Nothing but what the editor writes by itself.
[[nodiscard]] bool is_empty_module(const VbaModule& module);

/// The first name in the source of a procedure that Office runs by itself ("AutoOpen"); empty where
/// there is none.
[[nodiscard]] std::string_view find_autoexec(std::string_view source);

/// The first word in the source that starts programs, fetches files or calls the system; empty
/// where there is none.
[[nodiscard]] std::string_view find_suspicious(std::string_view source);

} // namespace watchpost::inspect::attachment
