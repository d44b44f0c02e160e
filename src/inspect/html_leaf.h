// Which leaves programs open as HTML. Thread-safe.
#pragma once

#include <string_view>

namespace watchpost::inspect {

/// By what is declared, by the name that the system opens it by, or by its content.
[[nodiscard]] bool is_html(std::string_view declared_type, std::string_view filename,
                           std::string_view real_type);

} // namespace watchpost::inspect
