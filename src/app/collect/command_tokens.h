// The tokens of one command's log-in: its own source, and the file of its refresh token.
#pragma once

#include <memory>
#include <optional>

#include "app/collect/pop3_options.h"
#include "collector/token_login.h"
#include "net/stream.h"

namespace watchpost::app {

class CommandTokens {
public:
    /// `cancellation` outlives it.
    CommandTokens(const Pop3Options& options, const net::Cancellation& cancellation);

    /// Null where no token is fetched.
    [[nodiscard]] collector::TokenLogin* login() { return login_ ? &*login_ : nullptr; }

private:
    collector::TokenSource source_;
    std::optional<collector::TokenLogin> login_;
};

} // namespace watchpost::app
