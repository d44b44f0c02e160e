// What the console shows of a mailbox: how its polls go. MailboxStatus of schema/openapi.yaml.
//
// Plain values; may be copied between threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "collector/fetch_again.h"

namespace watchpost::collector {

enum class MailboxState : std::uint8_t {
    disabled,
    waiting, // for its first poll with these settings
    polling,
    paused, // the spool has no room: last_error says which limit; mail stays on the server
    ok,
    warning, // the poll went to its end; last_error says what to look at
    error    // the poll did not; last_error says why
};

/// "disabled", "waiting", "polling", "paused", "ok", "warning", "error".
[[nodiscard]] std::string_view to_string(MailboxState state) noexcept;
[[nodiscard]] std::optional<MailboxState> parse_mailbox_state(std::string_view text) noexcept;

struct MailboxStatus {
    MailboxState state = MailboxState::waiting;
    std::optional<base::Instant> last_poll_at; // its end
    std::optional<base::Instant> next_poll_at;
    std::optional<base::Instant> last_success_at;
    std::string last_error;           // with the remedy, quoted; of a warning, too
    std::uint64_t messages_total = 0; // collected for this mailbox, over all runs
    std::uint64_t octets_total = 0;
    std::uint64_t messages_last_poll = 0;
    std::uint64_t left_on_server = 0; // messages there after the last poll
    std::string tls;                  // "TLSv1.3 TLS_AES_256_GCM_SHA384"; empty: in clear
    std::string certificate_fingerprint;
    std::optional<FetchAgainStatus> fetch_again; // asked for, or under way

    friend bool operator==(const MailboxStatus&, const MailboxStatus&) = default;
};

} // namespace watchpost::collector
