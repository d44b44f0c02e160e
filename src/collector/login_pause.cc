#include "collector/login_pause.h"

#include <chrono>

namespace watchpost::collector {

std::string judged_by(const MailboxSettings& settings)
{
    if (settings.tokens) {
        return settings.tokens->grant == TokenGrant::refresh_token ? "refresh token"
                                                                   : "client secret";
    }
    if (settings.authentication == pop3::Mechanism::external) {
        return "client certificate";
    }
    return settings.authentication && pop3::takes_token(*settings.authentication) ? "token"
                                                                                  : "password";
}

std::string describe_login_pause(const MailboxSettings& settings, base::Instant next_try)
{
    const auto judged = judged_by(settings);
    const auto refused = settings.tokens ? "this " + judged +
                                               ", or the log-in with the token that it brings, was "
                                               "refused"
                                         : "the server refused this user name and " + judged;
    return "not tried: " + refused +
           " twice within 30 minutes, and more tries could lock the account; next try after " +
           base::to_rfc3339(std::chrono::ceil<std::chrono::seconds>(next_try));
}

} // namespace watchpost::collector
