#include "pop3_server/script.h"

#include <algorithm>

namespace watchpost::test {

bool Pop3Script::has_seen(std::string_view command) const
{
    return count_of(command) > 0;
}

std::size_t Pop3Script::count_of(std::string_view command) const
{
    return static_cast<std::size_t>(std::ranges::count_if(
        commands, [&](const auto& seen) { return seen.starts_with(command); }));
}

std::string stuffed(std::string_view content, bool stuffs_first_dot)
{
    std::string text;
    bool at_line_start = stuffs_first_dot;
    for (const char c : content) {
        text += at_line_start && c == '.' ? ".." : std::string(1, c);
        at_line_start = c == '\n' && text.ends_with("\r\n");
    }
    return text + (text.empty() || text.ends_with("\r\n") ? "" : "\r\n") + ".\r\n";
}

} // namespace watchpost::test
