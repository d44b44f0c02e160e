// "Test connection": goes as far as a poll would before it fetches anything, and tells each step.
//
// Saves nothing, retrieves nothing, deletes nothing. The same steps serve the command line and the
// console. Blocking, one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "collector/limits.h"
#include "collector/link_report.h"
#include "collector/login_limiter.h"
#include "collector/mailbox_settings.h"
#include "collector/token_login.h"
#include "collector/transport.h"
#include "pop3/credentials.h"
#include "pop3/listing.h"

namespace watchpost::collector {

struct ConnectionTest {
    enum class Token : std::uint8_t { none, refused, failed, fetched };

    /// Of the secret: by the mail server, or by the token end point.
    [[nodiscard]] unsigned refusals() const noexcept
    {
        return token == Token::refused ? 1 : link.refusals;
    }

    Token token = Token::none; // "none" where the log-in takes none that is fetched
    std::vector<std::string> notes;
    LinkReport link;
    std::optional<pop3::MaildropStatus> maildrop;
    std::optional<base::Error> error; // of the step that failed, which is the last
};

/// With `tokens`, the log-in takes what they give.
[[nodiscard]] ConnectionTest test_connection(Transport& transport, const MailboxSettings& settings,
                                             const pop3::Credentials& credentials,
                                             const SessionLimits& limits,
                                             unsigned refusals_max = LoginLimiter::refusals_max,
                                             TokenLogin* tokens = nullptr);

/// Subject, issuer, dates, key, names and fingerprint in one line.
[[nodiscard]] std::string describe(const net::CertificateInfo& certificate);

/// "by PLAIN", and what was refused before.
[[nodiscard]] std::string describe_login(const LinkReport& link);

/// That there was a token, and what is to be known of it.
[[nodiscard]] std::string describe_token(const ConnectionTest& test);

/// One line of the result, for people; quoted.
struct TestStep {
    std::string name; // "address", "TLS", "certificate", "capabilities", "log-in", "messages"
    bool has_passed = false;
    std::string detail;
};

/// The steps that were taken, in order; a failed one is the last and says why.
[[nodiscard]] std::vector<TestStep> describe_steps(const ConnectionTest& test);

} // namespace watchpost::collector
