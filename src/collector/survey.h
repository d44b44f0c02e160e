// Asks a logged-in server what is in the maildrop: STAT, UIDL, LIST. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "collector/link.h"
#include "pop3/listing.h"
#include "pop3/reply.h"

namespace watchpost::collector {

enum class Pipelining : std::uint8_t { off, on };

struct Survey {
    std::uint32_t count = 0; // by STAT
    std::uint64_t octets = 0;
    std::string stat; // the server's words; it says the same to the end of the session
    std::vector<pop3::ListedMessage> messages; // those that LIST names
    bool has_uids = false;
    std::size_t without_uid_line = 0; // of the messages; all where the server refused UIDL
    pop3::Trouble uidl_trouble = pop3::Trouble::none; // where it did
    std::size_t ignored_lines =
        0; // of LIST and UIDL: out of range, doubled, garbage, for one alone

    /// STAT, LIST and UIDL do not fit together: numbers may not mean what they seem to.
    [[nodiscard]] bool disagrees() const noexcept
    {
        return ignored_lines > 0 || (has_uids && without_uid_line > 0);
    }
};

/// With pipelining in one round trip. A server without UIDL is fine; one that refuses it by a code
/// that speaks of trouble is not one.
[[nodiscard]] base::Result<Survey> survey_maildrop(Link& link, Pipelining pipelining);

/// Asks STAT anew: is the reply the next thing that comes, and nothing behind it? A reply too many,
/// or one that is late, shows here, before anything is deleted. Errors: those of the link.
[[nodiscard]] base::Result<bool> is_in_step(Link& link, std::string_view stat);

/// STAT alone: how much is there.
[[nodiscard]] base::Result<pop3::MaildropStatus> ask_status(Link& link);

} // namespace watchpost::collector
