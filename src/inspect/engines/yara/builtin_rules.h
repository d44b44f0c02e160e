// The rules that come with the product, as YARA source.
//
// Few and precise: a rule belongs here only where honest mail cannot match it. Octets that scanners
// know are written in hexadecimal, so that this source is not itself taken for what it describes.
#pragma once

#include <string_view>

namespace watchpost::inspect::yara {

inline constexpr std::string_view builtin_name = "built-in";

[[nodiscard]] std::string_view builtin_rules() noexcept;

} // namespace watchpost::inspect::yara
