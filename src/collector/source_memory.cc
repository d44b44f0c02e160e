#include "collector/source_memory.h"

#include <utility>

#include "crypto/sha256.h"

namespace watchpost::collector {

using base::Result;

namespace {

constexpr std::string_view certificate = "certificate";
constexpr std::string_view certificate_change = "certificate-change"; // "BEFORE NOW"

} // namespace

SourceMemory::SourceMemory(spool::StateStore& store, std::string_view mailbox)
    : store_{store}
    , mailbox_{mailbox}
{
}

std::string SourceMemory::name(std::string_view what) const
{
    return std::string{what} + "/" + mailbox_;
}

/// The value of before, where it was another one.
Result<std::optional<std::string>> SourceMemory::replace(std::string_view what,
                                                         const std::string& value)
{
    auto before = store_.get(name(what));
    if (before == value) {
        return std::optional<std::string>{};
    }
    if (auto stored = store_.put(name(what), value); !stored) {
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
    const auto fingerprint = crypto::to_hex(link.tls.chain.front().fingerprint);
    if (auto noted = note_certificate(settings.tls, fingerprint, changes); !noted) {
        return base::fail(std::move(noted).error());
    }
    return changes;
}

/// The change is durable before the certificate is known: a crash in between finds it once more.
Result<void> SourceMemory::note_certificate(const net::TlsSettings& settings,
                                            const std::string& fingerprint, Changes& changes)
{
    const bool was_checked = settings.policy == net::CertificatePolicy::trusted;
    const auto before = store_.get(name(certificate));
    if (before && *before != fingerprint && !was_checked) {
        changes.certificate = {*before, fingerprint};
        if (auto stored = store_.put(name(certificate_change), *before + " " + fingerprint);
            !stored) {
            return stored;
        }
    }
    if (auto replaced = replace(certificate, fingerprint); !replaced) {
        return base::fail(std::move(replaced).error());
    }
    const auto change = store_.get(name(certificate_change)).value_or("");
    if (const auto space = change.find(' '); space != std::string::npos && !was_checked) {
        changes.unconfirmed = {change.substr(0, space), change.substr(space + 1)};
    }
    return {};
}

Result<void> SourceMemory::confirm()
{
    return store_.get(name(certificate_change)) ? store_.put(name(certificate_change), "")
                                                : Result<void>{};
}

} // namespace watchpost::collector
