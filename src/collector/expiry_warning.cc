#include "collector/expiry_warning.h"

#include <chrono>

#include "net/own_certificate.h"

namespace watchpost::collector {

namespace {

constexpr std::chrono::days warning_time{30};

std::string time_left(base::Instant::duration left)
{
    const auto days = std::chrono::floor<std::chrono::days>(left).count();
    return days == 0   ? ", in less than a day"
           : days == 1 ? ", in a day"
                       : ", in " + std::to_string(days) + " days";
}

/// Empty where it is too early to say anything.
std::string sentence(const std::string& what, const std::string& when, base::Instant ends,
                     base::Instant now, const std::string& remedy)
{
    if (now + warning_time < ends) {
        return {};
    }
    return what + (ends <= now ? " has ended on " : " ends on ") + when +
           (ends <= now ? "" : time_left(ends - now)) + ": " + remedy;
}

std::string secret_warning(const MailboxSettings& settings, base::Instant now)
{
    if (!settings.tokens || !settings.tokens->secret_expires_on) {
        return {};
    }
    const auto date = *settings.tokens->secret_expires_on;
    return sentence("the client secret", to_text(date), date + std::chrono::days{1}, now,
                    "make a new one at the provider, and type it in here with its date");
}

std::string certificate_warning(const MailboxSettings& settings, base::Instant now)
{
    if (settings.tls_mode == TlsMode::none || settings.tls.client_certificate_pem.empty()) {
        return {};
    }
    const auto certificate = net::read_certificate(settings.tls.client_certificate_pem);
    const auto ends =
        certificate ? base::parse_rfc3339(certificate->not_after) : std::optional<base::Instant>{};
    return ends ? sentence("the client certificate " + certificate->subject, certificate->not_after,
                           *ends, now, "get a new one from its issuer, and upload it here")
                : "";
}

} // namespace

std::string expiry_warning(const MailboxSettings& settings, base::Instant now)
{
    const auto secret = secret_warning(settings, now);
    const auto certificate = certificate_warning(settings, now);
    return secret + (secret.empty() || certificate.empty() ? "" : "; ") + certificate;
}

} // namespace watchpost::collector
