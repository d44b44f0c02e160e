// What the source of a mailbox looked like at the last poll, so that a change is told: another
// server under the same mailbox id, another certificate where the policy does not check it fully.
//
// Kept in the spool's StateStore. Thread rule: that of the store.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "collector/link_report.h"
#include "collector/mailbox_settings.h"
#include "collector/poll_report.h"
#include "spool/state_store.h"

namespace watchpost::collector {

class SourceMemory {
public:
    struct Changes {
        std::optional<std::string> server_before;     // where it was another one
        std::optional<CertificateChange> certificate; // likewise; not where it was checked
        std::optional<CertificateChange> unconfirmed; // the last of these since confirm()
    };

    /// `store` outlives this.
    SourceMemory(spool::StateStore& store, std::string_view mailbox);

    /// Compares and remembers, durable on return.
    [[nodiscard]] base::Result<Changes> note(const MailboxSettings& settings,
                                             const LinkReport& link);

    /// Somebody has seen that the certificate has changed. Durable on return.
    [[nodiscard]] base::Result<void> confirm();

private:
    [[nodiscard]] base::Result<std::optional<std::string>> replace(std::string_view what,
                                                                   const std::string& value);
    [[nodiscard]] base::Result<void> note_certificate(const net::TlsSettings& settings,
                                                      const std::string& fingerprint,
                                                      Changes& changes);
    [[nodiscard]] std::string name(std::string_view what) const;

    spool::StateStore& store_;
    std::string mailbox_;
};

} // namespace watchpost::collector
