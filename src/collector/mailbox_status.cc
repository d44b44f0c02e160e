#include "collector/mailbox_status.h"

namespace watchpost::collector {

std::string_view to_string(MailboxState state) noexcept
{
    switch (state) {
    case MailboxState::disabled:
        return "disabled";
    case MailboxState::waiting:
        return "waiting";
    case MailboxState::polling:
        return "polling";
    case MailboxState::paused:
        return "paused";
    case MailboxState::ok:
        return "ok";
    case MailboxState::warning:
        return "warning";
    case MailboxState::error:
        return "error";
    }
    return "unknown";
}

std::optional<MailboxState> parse_mailbox_state(std::string_view text) noexcept
{
    for (const auto state :
         {MailboxState::disabled, MailboxState::waiting, MailboxState::polling,
          MailboxState::paused, MailboxState::ok, MailboxState::warning, MailboxState::error}) {
        if (text == to_string(state)) {
            return state;
        }
    }
    return std::nullopt;
}

} // namespace watchpost::collector
