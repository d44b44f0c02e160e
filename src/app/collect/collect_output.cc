#include "app/collect/collect_output.h"

#include <array>
#include <cstdio>
#include <utility>

#include "collector/console_text.h"
#include "crypto/sha256.h"
#include "model/json_text.h"

namespace watchpost::app {
namespace {

using collector::LinkReport;
using collector::PollReport;
using model::JsonText;

void add(JsonText& json, std::string_view key, std::string_view value)
{
    json.key(key);
    json.value(value);
}

void add_error(JsonText& json, const std::optional<base::Error>& error)
{
    json.key("error");
    if (!error) {
        json.null();
        return;
    }
    json.begin_object();
    add(json, "code", base::to_string(error->code()));
    json.key("may_pass");
    json.value_bool(error->retry() == base::Retry::later);
    add(json, "message", error->describe());
    add(json, "remedy", collector::remedy_for(*error));
    json.end_object();
}

void add_strings(JsonText& json, std::string_view key, const std::vector<std::string>& values)
{
    json.key(key);
    json.begin_array();
    for (const auto& value : values) {
        json.value(value);
    }
    json.end_array();
}

void add_certificate(JsonText& json, const net::CertificateInfo& certificate)
{
    json.begin_object();
    add(json, "subject", certificate.subject);
    add(json, "issuer", certificate.issuer);
    add_strings(json, "names", certificate.names);
    add(json, "not_before", certificate.not_before);
    add(json, "not_after", certificate.not_after);
    add(json, "sha256", crypto::to_hex(certificate.fingerprint));
    add(json, "key", certificate.key);
    json.end_object();
}

/// null where nothing of TLS was seen.
void add_tls(JsonText& json, const LinkReport& link)
{
    json.key("tls");
    if (!link.is_encrypted && link.tls.chain.empty()) {
        json.null();
        return;
    }
    json.begin_object();
    add(json, "version", link.tls.version);
    add(json, "cipher", link.tls.cipher);
    add(json, "fingerprint",
        link.tls.chain.empty() ? "" : crypto::to_hex(link.tls.chain.front().fingerprint));
    json.key("chain");
    json.begin_array();
    for (const auto& certificate : link.tls.chain) {
        add_certificate(json, certificate);
    }
    json.end_array();
    add_strings(json, "faults", link.tls.faults);
    json.end_object();
}

void add_counts(JsonText& json, const PollReport& report)
{
    const std::array<std::pair<std::string_view, std::uint64_t>, 13> counts{{
        {"listed", report.listed},
        {"known", report.known},
        {"collected", report.collected},
        {"octets", report.octets},
        {"duplicates", report.duplicates},
        {"short_of_announced", report.cut_short},
        {"longer_than_announced", report.longer},
        {"too_large", report.too_large},
        {"refused", report.refused},
        {"deleted", report.deleted},
        {"delete_pending", report.delete_pending},
        {"left", report.left},
        {"links", report.links},
    }};
    for (const auto& [key, count] : counts) {
        json.key(key);
        json.value(count);
    }
}

std::string describe_tls(const LinkReport& link)
{
    if (!link.is_encrypted) {
        return "no TLS";
    }
    return link.tls.version + " " + link.tls.cipher + ", fingerprint " +
           (link.tls.chain.empty() ? std::string{"unknown"}
                                   : crypto::to_hex(link.tls.chain.front().fingerprint));
}

} // namespace

std::string summary_line(const PollReport& report, std::chrono::milliseconds duration)
{
    std::array<char, 32> seconds{};
    std::snprintf(seconds.data(), seconds.size(), "%.2f s",
                  static_cast<double>(duration.count()) / 1000);
    return collector::describe_counts(report) + "; " + seconds.data() + "; " +
           describe_tls(report.link);
}

std::string to_json(const PollReport& report, const collector::MailboxSettings& settings,
                    const spool::MailboxKey& key, std::chrono::milliseconds duration)
{
    JsonText json;
    json.begin_object();
    add(json, "mailbox", key.mailbox);
    json.key("generation");
    json.value(std::uint64_t{key.generation});
    add(json, "server", settings.server);
    json.key("port");
    json.value(std::uint64_t{settings.port});
    add(json, "address", report.link.peer_address);
    add_counts(json, report);
    json.key("duration_ms");
    json.value(static_cast<std::uint64_t>(duration.count()));
    add_tls(json, report.link);
    add_strings(json, "notes", report.notes);
    add_error(json, report.error);
    json.end_object();
    return json.take();
}

std::string remedy_of(const base::Error& error)
{
    const auto known = collector::remedy_for(error);
    return known.empty() ? "" : "; " + std::string{known};
}

std::string to_text(const collector::ConnectionTest& test)
{
    std::string text;
    for (const auto& step : collector::describe_steps(test)) {
        std::string name = step.name + ":";
        name.resize(14, ' ');
        text += (step.has_passed ? "ok      " : "FAILED  ") + name + step.detail;
        text += step.has_passed || !test.error ? "\n" : remedy_of(*test.error) + "\n";
    }
    return text;
}

std::string to_json(const collector::ConnectionTest& test,
                    const collector::MailboxSettings& settings)
{
    JsonText json;
    json.begin_object();
    add(json, "server", settings.server);
    json.key("port");
    json.value(std::uint64_t{settings.port});
    add(json, "address", test.link.peer_address);
    json.key("steps");
    json.begin_array();
    for (const auto& step : collector::describe_steps(test)) {
        json.begin_object();
        add(json, "step", step.name);
        json.key("passed");
        json.value_bool(step.has_passed);
        add(json, "detail", step.detail);
        json.end_object();
    }
    json.end_array();
    add_tls(json, test.link);
    add_strings(json, "capabilities", test.link.capabilities.lines);
    json.key("messages");
    test.maildrop ? json.value(std::uint64_t{test.maildrop->count}) : json.null();
    json.key("octets");
    test.maildrop ? json.value(test.maildrop->octets) : json.null();
    add_error(json, test.error);
    json.end_object();
    return json.take();
}

std::string to_json(const base::Error& error)
{
    JsonText json;
    json.begin_object();
    add_error(json, error);
    json.end_object();
    return json.take();
}

} // namespace watchpost::app
