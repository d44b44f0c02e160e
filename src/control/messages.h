// What the supervisor and the commands of the administrator say to control, as JSON documents.
//
// The documents of collector and pipeline are in their modules' service_messages.h. Parsers refuse
// (protocol_violation) what the encoders do not write. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/backend.h"
#include "base/error.h"
#include "node/supervisor.h"

namespace watchpost::control {

inline constexpr std::string_view supervisor_role = "supervisor";
inline constexpr std::string_view collector_role = "collector";
inline constexpr std::string_view pipeline_role = "pipeline";

inline constexpr std::string_view processes_method = "processes"; // notice of the supervisor
inline constexpr std::string_view status_method = "status";       // call: the API's Status
inline constexpr std::string_view reset_password_method = "reset_password"; // call
inline constexpr std::string_view mailbox_method = "mailbox";               // call: MailboxQuestion

[[nodiscard]] std::string encode_processes(const std::vector<node::ChildStatus>& children);
[[nodiscard]] base::Result<std::vector<api::ProcessStatus>>
parse_processes(const std::string& json);

/// What `watchpost mailbox` asks; the answer is that of the API's operation beside it.
struct MailboxQuestion {
    std::string ask;     // "list" (listMailboxes), "polls" (listPolls), "server" (getMailServer),
                         // "set-aside" (listStuckMessages), "try-again" (tryAgain, all),
                         // "poll-now" (pollNow), "fetch-again" (fetchAgain), "fetch-again-end"
    std::string mailbox; // name or id; none for "list"
    std::uint32_t last = 0; // of "fetch-again"; 0: all
};
[[nodiscard]] std::string encode_question(const MailboxQuestion& question);
[[nodiscard]] base::Result<MailboxQuestion> parse_question(const std::string& json);

/// {"user":…} and {"password":…}.
[[nodiscard]] std::string encode_text(std::string_view name, std::string_view text);
[[nodiscard]] base::Result<std::string> parse_text(std::string_view name, const std::string& json);

} // namespace watchpost::control
