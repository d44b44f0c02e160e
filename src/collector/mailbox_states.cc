#include "collector/mailbox_states.h"

#include <algorithm>
#include <array>

namespace watchpost::collector {

namespace {

/// Names are "component/mailbox" or "component/mailbox/…".
constexpr std::array<std::string_view, 7> components{
    "doubt",          "poll",           "refused-logins", "server-view",
    "short-messages", "stuck-messages", "stuck-message"};

} // namespace

base::Result<void>
forget_states_of_others(spool::StateStore& store,
                        const std::function<bool(std::string_view mailbox)>& is_there)
{
    return store.forget_if([&](std::string_view name) {
        const auto slash = std::min(name.find('/'), name.size());
        const auto rest = name.substr(std::min(slash + 1, name.size()));
        return std::ranges::find(components, name.substr(0, slash)) != components.end() &&
               !is_there(rest.substr(0, rest.find('/')));
    });
}

} // namespace watchpost::collector
