#include "base/words.h"

#include <algorithm>

namespace watchpost::base {

std::string_view take_word(std::string_view& rest) noexcept
{
    const auto word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    return word;
}

} // namespace watchpost::base
