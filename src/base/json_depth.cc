#include "base/json_depth.h"

namespace watchpost::base {

bool is_nested_deeper_than(std::string_view json, std::size_t levels_max) noexcept
{
    std::size_t level = 0;
    bool is_in_text = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (is_in_text) {
            i += c == '\\' ? 1U : 0U; // whatever is escaped ends no text
            is_in_text = c != '"';
        } else if (c == '"') {
            is_in_text = true;
        } else if (c == '{' || c == '[') {
            if (++level > levels_max) {
                return true;
            }
        } else if ((c == '}' || c == ']') && level > 0) {
            --level;
        }
    }
    return false;
}

} // namespace watchpost::base
