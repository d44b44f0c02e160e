// Words of a stored text, which single spaces part. Functions are thread-safe.
#pragma once

#include <string_view>

namespace watchpost::base {

/// Takes the first word and the space behind it off `rest`; all of it where it has no space. Views
/// of what `rest` views.
std::string_view take_word(std::string_view& rest) noexcept;

} // namespace watchpost::base
