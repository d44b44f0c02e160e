#include "collector/token_login.h"

namespace watchpost::collector {

base::Result<pop3::Credentials> TokenLogin::credentials()
{
    auto token = source_.get(request_);
    if (!token) {
        return base::fail(std::move(token).error());
    }
    last_ = *std::move(token);
    if (!last_.note.empty()) {
        notes_.push_back(last_.note);
    }
    return pop3::Credentials::make(user_, last_.text);
}

bool TokenLogin::may_renew()
{
    source_.refuse(request_, last_.text);
    return last_.age == AccessToken::Age::kept && !std::exchange(has_renewed_, true);
}

} // namespace watchpost::collector
