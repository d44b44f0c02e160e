// Remembers refused log-ins across runs, in the spool's StateStore, so that a loop of one-shot
// polls cannot lock an account either.
//
// Other credentials or another server start anew. To see that, a salted hash of them is kept, of
// which only 16 bits are stored: enough to notice a change, too little to test guesses of a
// password against. Thread rule: that of the store.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "collector/login_limiter.h"
#include "pop3/credentials.h"
#include "spool/state_store.h"

namespace watchpost::collector {

class LoginMemory {
public:
    /// `store` outlives the memory. `mailbox` is the mailbox's id, `server` its address.
    LoginMemory(spool::StateStore& store, std::string_view mailbox, std::string_view server,
                const pop3::Credentials& credentials);

    /// What is remembered of these very credentials; new where they, or the server, changed.
    [[nodiscard]] LoginLimiter load() const;

    /// Durable on return.
    [[nodiscard]] base::Result<void> save(const LoginLimiter& limiter);

    /// Starts that mailbox anew, whatever its credentials. Durable on return.
    [[nodiscard]] static base::Result<void> forget(spool::StateStore& store,
                                                   std::string_view mailbox);

private:
    [[nodiscard]] std::string mark(std::string_view salt) const;

    spool::StateStore& store_;
    std::string name_;
    std::string secret_; // what the mark is made of; wiped by nobody, lives as long as a poll
};

} // namespace watchpost::collector
