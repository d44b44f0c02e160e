#include "collector/source_memory.h"

#include "crypto/sha256.h"
#include "diag/quote.h"

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

Result<std::vector<std::string>> SourceMemory::note(const MailboxSettings& settings,
                                                    const LinkReport& link)
{
    std::vector<std::string> notes;
    const auto server = replace("server", settings.server);
    if (!server) {
        return base::fail(server.error());
    }
    if (*server) {
        notes.push_back("mailbox \"" + diag::quote(mailbox_) + "\" was collected from " +
                        diag::quote(**server) +
                        " before and is taken for the same maildrop; if it "
                        "is another one, give it a name of its own (--mailbox) or say "
                        "--different-maildrop");
    }
    if (!link.is_encrypted || link.tls.chain.empty()) {
        return notes;
    }
    const auto print = crypto::to_hex(link.tls.chain.front().fingerprint);
    const auto certificate = replace("certificate", print);
    if (!certificate) {
        return base::fail(certificate.error());
    }
    if (*certificate && settings.tls.policy != net::CertificatePolicy::trusted) {
        notes.push_back("the server's certificate has changed: its SHA-256 fingerprint was " +
                        **certificate + " and is " + print);
    }
    return notes;
}

} // namespace watchpost::collector
