#include "message/comment.h"

#include "message/ascii.h"

namespace watchpost::message {

std::size_t skip_comment(std::string_view text, std::size_t at) noexcept
{
    std::size_t depth = 0;
    for (; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '(') {
            ++depth;
        } else if (text[at] == ')' && --depth == 0) {
            return at + 1;
        }
    }
    return text.size();
}

std::size_t skip_cfws(std::string_view text, std::size_t at) noexcept
{
    while (at < text.size() && (is_space(text[at]) || text[at] == '(')) {
        at = text[at] == '(' ? skip_comment(text, at) : at + 1;
    }
    return at;
}

} // namespace watchpost::message
