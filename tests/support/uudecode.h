// Decodes the uuencoded archives of the shared corpus.
#pragma once

#include <string>
#include <string_view>

namespace watchpost::test {

/// What stands between "begin" and "end" of the first file in the text; fails the process if there
/// is none.
[[nodiscard]] std::string uudecode(std::string_view text);

} // namespace watchpost::test
