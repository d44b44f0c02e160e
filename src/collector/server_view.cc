#include "collector/server_view.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "crypto/sha256.h"
#include "diag/quote.h"

namespace watchpost::collector {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view version = "1 ";
constexpr std::size_t text_bytes_max = 160;
constexpr std::size_t capabilities_max = 24;
constexpr std::size_t capability_bytes_max = 60;
constexpr std::size_t chain_max = 4;
constexpr std::size_t json_bytes_max = spool::StateStore::value_bytes_max - 16;
constexpr std::chrono::days warning_time{30};

std::string name_of(std::string_view mailbox)
{
    return "server-view/" + std::string{mailbox};
}

std::string short_text(std::string_view text, std::size_t bytes_max = text_bytes_max)
{
    return diag::to_valid_utf8(text.substr(0, bytes_max));
}

Json to_json(const net::CertificateInfo& certificate)
{
    return {{"subject", short_text(certificate.subject)},
            {"issuer", short_text(certificate.issuer)},
            {"not_before", certificate.not_before},
            {"not_after", certificate.not_after},
            {"fingerprint", crypto::to_hex(certificate.fingerprint)},
            {"key", short_text(certificate.key, 40)}};
}

/// What has no room is left out from its end; what is left out is counted.
Json to_json(const LinkReport& link, std::size_t capabilities, std::size_t certificates)
{
    Json lines = Json::array();
    for (std::size_t i = 0; i < std::min(link.capabilities.lines.size(), capabilities); ++i) {
        lines.push_back(short_text(diag::quote(link.capabilities.lines[i], capability_bytes_max)));
    }
    Json chain = Json::array();
    for (std::size_t i = 0; i < std::min(link.tls.chain.size(), certificates); ++i) {
        chain.push_back(to_json(link.tls.chain[i]));
    }
    return {{"address", short_text(link.peer_address, 64)},
            {"greeting", short_text(diag::quote(link.greeting, 120))},
            {"mechanism", link.mechanism},
            {"tls", link.is_encrypted ? link.tls.version + " " + link.tls.cipher : ""},
            {"capabilities", std::move(lines)},
            {"chain", std::move(chain)},
            {"left_out", link.capabilities.lines.size() -
                             std::min(link.capabilities.lines.size(), capabilities) +
                             link.tls.chain.size() -
                             std::min(link.tls.chain.size(), certificates)}};
}

std::string to_text(const PollReport& report, base::Instant now)
{
    const auto warning = certificate_warning(report, now);
    std::string text;
    std::size_t capabilities = capabilities_max;
    for (std::size_t certificates = chain_max; certificates > 0; --certificates) {
        Json json = to_json(report.link, capabilities, certificates);
        json["seen_at"] = base::to_rfc3339(now);
        json["learned"] = report.learned;
        json["certificate_warning"] = warning;
        text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
        if (text.size() <= json_bytes_max) {
            break;
        }
        capabilities /= 2;
    }
    return text;
}

/// 30 days before its end; of one that is made for less than 90 days the last third, since it is
/// renewed so late as a rule.
bool ends_soon(const net::CertificateInfo& certificate, base::Instant ends, base::Instant now)
{
    const auto begins = base::parse_rfc3339(certificate.not_before);
    const auto lifetime = begins ? (ends - *begins) / 3 : warning_time;
    return now + std::min<base::Instant::duration>(warning_time, lifetime) >= ends;
}

} // namespace

std::string certificate_warning(const PollReport& report, base::Instant now)
{
    std::string text;
    std::optional<base::Instant> first;
    for (const auto& certificate : report.link.tls.chain) {
        const auto ends = base::parse_rfc3339(certificate.not_after);
        if (!ends || !ends_soon(certificate, *ends, now) || (first && *first <= *ends)) {
            continue;
        }
        first = ends;
        const auto days = std::chrono::floor<std::chrono::days>(*ends - now).count();
        text = "the server's certificate " + short_text(certificate.subject) +
               (*ends <= now ? " has ended at " : " ends at ") + certificate.not_after +
               (*ends <= now ? "" : ", in " + std::to_string(days) + " days") +
               ": ask the administrator of the mail server to renew it";
    }
    return text;
}

base::Result<void> keep_server_view(spool::StateStore& store, std::string_view mailbox,
                                    const PollReport& report, base::Instant now)
{
    if (!report.has_logged_in || report.link.step != LinkStep::done) {
        return {};
    }
    return store.put(name_of(mailbox), std::string{version} + to_text(report, now));
}

std::string load_server_view(const spool::StateStore& store, std::string_view mailbox)
{
    const auto stored = store.get(name_of(mailbox)).value_or("");
    if (!stored.starts_with(version)) {
        return "{}";
    }
    auto text = stored.substr(version.size());
    return Json::accept(text) ? text : "{}";
}

} // namespace watchpost::collector
