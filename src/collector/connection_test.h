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
#include "collector/transport.h"
#include "pop3/credentials.h"
#include "pop3/listing.h"

namespace watchpost::collector {

struct ConnectionTest {
    LinkReport link;
    std::optional<pop3::MaildropStatus> maildrop;
    std::optional<base::Error> error; // of the step that failed, which is the last
};

[[nodiscard]] ConnectionTest test_connection(Transport& transport, const MailboxSettings& settings,
                                             const pop3::Credentials& credentials,
                                             const SessionLimits& limits,
                                             unsigned refusals_max = LoginLimiter::refusals_max);

/// Subject, issuer, dates, key, names and fingerprint in one line.
[[nodiscard]] std::string describe(const net::CertificateInfo& certificate);

/// "by PLAIN", and what was refused before.
[[nodiscard]] std::string describe_login(const LinkReport& link);

/// One line of the result, for people; quoted.
struct TestStep {
    std::string name; // "address", "TLS", "certificate", "capabilities", "log-in", "messages"
    bool has_passed = false;
    std::string detail;
};

/// The steps that were taken, in order; a failed one is the last and says why.
[[nodiscard]] std::vector<TestStep> describe_steps(const ConnectionTest& test);

} // namespace watchpost::collector
