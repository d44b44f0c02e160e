#include "collector/source_memory.h"

#include "crypto/sha256.h"

namespace watchpost::collector {

using base::Result;

SourceMemory::SourceMemory(spool::StateStore& store, std::string_view mailbox)
    : store_{store}
    , mailbox_{mailbox}
{
}

/// The value of before, where it was another one.
Result<std::optional<std::string>> SourceMemory::replace(std::string_view what,
                                                         const std::string& value)
{
    const std::string name = std::string{what} + "/" + mailbox_;
    auto before = store_.get(name);
    if (before == value) {
        return std::optional<std::string>{};
    }
    if (auto stored = store_.put(name, value); !stored) {
        return base::fail(std::move(stored).error());
    }
    return before;
}

Result<SourceMemory::Changes> SourceMemory::note(const MailboxSettings& settings,
                                                 const LinkReport& link)
{
    Changes changes;
    const auto server = replace("server", settings.server);
    if (!server) {
        return base::fail(server.error());
    }
    changes.server_before = *server;
    if (!link.is_encrypted || link.tls.chain.empty()) {
        return changes;
    }
    changes.certificate = crypto::to_hex(link.tls.chain.front().fingerprint);
    const auto certificate = replace("certificate", changes.certificate);
    if (!certificate) {
        return base::fail(certificate.error());
    }
    if (settings.tls.policy != net::CertificatePolicy::trusted) {
        changes.certificate_before = *certificate;
    }
    return changes;
}

} // namespace watchpost::collector
