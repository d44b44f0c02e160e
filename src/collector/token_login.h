// The credentials of a log-in whose password is a token that is fetched: for one poll or one test.
//
// Not thread-safe; the source is shared by all.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "collector/token_source.h"
#include "pop3/credentials.h"

namespace watchpost::collector {

class TokenLogin {
public:
    /// `source` outlives it.
    TokenLogin(TokenSource& source, std::string user, TokenRequest request)
        : source_{source}
        , user_{std::move(user)}
        , request_{std::move(request)}
    {
    }

    /// With the present token; as TokenSource::get.
    [[nodiscard]] base::Result<pop3::Credentials> credentials();

    /// The mail server refused the last credentials. True where the token had been kept, and this
    /// is the first time: then another one may be taken.
    [[nodiscard]] bool may_renew();

    [[nodiscard]] const TokenRequest& request() const noexcept { return request_; }

    /// What an operator should know although there was a token.
    [[nodiscard]] std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }

private:
    TokenSource& source_;
    std::string user_;
    TokenRequest request_;
    AccessToken last_;
    bool has_renewed_ = false;
    std::vector<std::string> notes_;
};

} // namespace watchpost::collector
