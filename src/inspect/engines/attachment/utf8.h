// Code points of hostile text; an octet that is not UTF-8 stands for U+FFFD. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace watchpost::inspect::attachment {

[[nodiscard]] std::u32string to_code_points(std::string_view text);

} // namespace watchpost::inspect::attachment
