// From nothing to a logged-in link: connect, greeting, TLS by the mailbox's mode, capabilities,
// log-in.
//
// With TLS on, nothing but the greeting, CAPA and STLS is ever sent in clear, and nothing falls
// back. Not thread-safe.
#pragma once

#include <memory>

#include "base/error.h"
#include "base/time.h"
#include "collector/limits.h"
#include "collector/link.h"
#include "collector/link_report.h"
#include "collector/mailbox_settings.h"
#include "collector/transport.h"
#include "pop3/credentials.h"
#include "pop3/login_options.h"

namespace watchpost::collector {

class LinkOpener {
public:
    enum class Capa : std::uint8_t { ask, spare };

    /// All of these outlive the opener.
    LinkOpener(Transport& transport, const MailboxSettings& settings,
               const pop3::Credentials& credentials, const SessionLimits& limits)
        : transport_{transport}
        , settings_{settings}
        , credentials_{credentials}
        , limits_{limits}
    {
    }

    /// A link in the transaction state. Where a server breaks off, is silent or greets with an
    /// error before the log-in, its other addresses are tried. `refusals_max`: how often the secret
    /// may be refused. `report` is filled as far as it came; the error's outermost step is that of
    /// the report. Capa::spare is for a server that is known to hang up on CAPA.
    [[nodiscard]] base::Result<std::unique_ptr<Link>> open(base::Deadline session_end,
                                                           unsigned refusals_max,
                                                           LinkReport& report,
                                                           Capa capa = Capa::ask);

    /// Mechanisms that this server is known to announce in vain; not tried of our own accord.
    void avoid(std::vector<pop3::Mechanism> mechanisms) { avoided_ = std::move(mechanisms); }

private:
    [[nodiscard]] base::Result<std::unique_ptr<Link>>
    try_addresses(base::Deadline session_end, unsigned refusals_max, Capa capa, LinkReport& report);
    [[nodiscard]] base::Result<std::unique_ptr<Link>>
    try_to_open(base::Deadline session_end, unsigned refusals_max, Capa capa, LinkReport& report);
    [[nodiscard]] base::Result<std::unique_ptr<Link>> connect(base::Deadline session_end,
                                                              LinkReport& report);
    [[nodiscard]] base::Result<void> take_greeting(Link& link, LinkReport& report);
    [[nodiscard]] base::Result<void> ask_capabilities(Link& link, Capa capa, LinkReport& report);
    [[nodiscard]] base::Result<void> ask_again_after_login(Link& link, Capa capa,
                                                           LinkReport& report);
    [[nodiscard]] base::Result<void> start_tls(Link& link, LinkReport& report);
    [[nodiscard]] pop3::LoginOptions login_options(const Link& link,
                                                   const LinkReport& report) const;
    [[nodiscard]] base::Result<void> log_in(Link& link, unsigned refusals_max, LinkReport& report);
    [[nodiscard]] base::Result<std::unique_ptr<net::Stream>>
    secure(std::unique_ptr<net::Stream> clear, LinkReport& report);

    Transport& transport_;
    const MailboxSettings& settings_;
    const pop3::Credentials& credentials_;
    const SessionLimits& limits_;
    std::vector<pop3::Mechanism> avoided_;
};

} // namespace watchpost::collector
