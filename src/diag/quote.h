// Hostile text on its way to a log, a terminal or a page: quoted and cut here, nowhere else.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace watchpost::diag {

inline constexpr std::size_t quoted_bytes_max = 512; // of input; more is cut and said so

/// Printable UTF-8 stays; controls, ESC, DEL, C1, bidirectional controls, line separators and bytes
/// that are not UTF-8 become \xNN or \u{NNNN}, a backslash is doubled. Longer input ends with "… (N
/// more bytes)".
[[nodiscard]] std::string quote(std::string_view text, std::size_t bytes_max = quoted_bytes_max);

/// Valid UTF-8 whatever came in: bad octets become U+FFFD. For JSON, where control characters are
/// escaped by the writer. Never cuts.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

} // namespace watchpost::diag
