// Which maildrop a mailbox id means now: the user name and the generation it has reached.
//
// A UID is only worth something within one maildrop. The generation rises when the user name
// changes or the operator says "different maildrop"; a changed address, port or TLS mode keeps it,
// so that nothing is collected twice. Kept in the spool's StateStore. Thread rule: that of the
// store.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "spool/intake.h"
#include "spool/state_store.h"

namespace watchpost::collector {

enum class Maildrop : std::uint8_t { same, different }; // different: the operator says so

class MaildropRegistry {
public:
    static constexpr std::size_t mailbox_bytes_max = 255;
    static constexpr std::size_t user_bytes_max = 1024;

    /// `store` outlives the registry.
    explicit MaildropRegistry(spool::StateStore& store) : store_{&store} {}

    /// The key under which this mailbox is collected, durable on return: call it before a session.
    [[nodiscard]] base::Result<spool::MailboxKey>
    resolve(std::string_view mailbox, std::string_view user, Maildrop maildrop = Maildrop::same);

private:
    spool::StateStore* store_;
};

} // namespace watchpost::collector
