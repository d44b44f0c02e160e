#include "verdict/finding.h"

#include "base/assert.h"

namespace watchpost::verdict {

std::string_view to_string(Importance importance) noexcept
{
    switch (importance) {
    case Importance::none:
        return "none";
    case Importance::low:
        return "low";
    case Importance::medium:
        return "medium";
    case Importance::high:
        return "high";
    }
    WP_UNREACHABLE("importance out of range");
}

std::optional<Importance> parse_importance(std::string_view text) noexcept
{
    for (const auto importance :
         {Importance::none, Importance::low, Importance::medium, Importance::high}) {
        if (text == to_string(importance)) {
            return importance;
        }
    }
    return std::nullopt;
}

} // namespace watchpost::verdict
