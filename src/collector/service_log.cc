// Part of Service: what the log has of a poll.
#include "collector/console_text.h"
#include "collector/service.h"

namespace watchpost::collector {

namespace {

void log_messages(const diag::Log& log, const std::string& mailbox, const PollReport& report)
{
    if (report.collected > 0) {
        log.write("mailbox.collected", {{"mailbox", mailbox},
                                        {"messages", std::to_string(report.collected)},
                                        {"octets", std::to_string(report.octets)}});
    }
    if (report.fetched_again > 0) {
        const auto left = report.fetch_again ? report.fetch_again->left.value_or(0) : 0;
        log.write("mailbox.fetched_again", {{"mailbox", mailbox},
                                            {"messages", std::to_string(report.fetched_again)},
                                            {"left", std::to_string(left)}});
    }
    for (const auto& message : report.short_messages) {
        log.write("mailbox.message_short",
                  {{"mailbox", mailbox},
                   {"uid", message.uid},
                   {"octets", std::to_string(message.octets)},
                   {"announced", std::to_string(message.announced_octets)}});
    }
    for (const auto& message : report.newly_set_aside) {
        log.write("mailbox.message_set_aside", {{"mailbox", mailbox},
                                                {"uid", message.uid},
                                                {"octets", std::to_string(message.octets)},
                                                {"error", message.reason}});
    }
}

void log_failure(const diag::Log& log, const std::string& mailbox, const base::Error& error,
                 const std::string& next)
{
    if (error.code() == base::ErrorCode::disk_full) {
        log.write("mailbox.paused", {{"mailbox", mailbox}, {"error", error.describe()}});
        return;
    }
    log.write("mailbox.poll_failed", {{"mailbox", mailbox},
                                      {"error", error.describe()},
                                      {"remedy", std::string{remedy_for(error)}},
                                      {"next", next}});
}

} // namespace

void Service::log_outcome(const MailboxSchedule& schedule, const PollOutcome& outcome) const
{
    const auto& log = around_.log;
    const auto& next = schedule.status().next_poll_at;
    const std::string when = next ? base::to_rfc3339(*next) : "when it is applied anew";
    if (outcome.refusal) {
        log_failure(log, schedule.name(), *outcome.refusal, when);
        return;
    }
    const auto& report = *outcome.report;
    log_messages(log, schedule.name(), report);
    if (report.certificate_change) {
        log.write("mailbox.certificate_changed", {{"mailbox", schedule.name()},
                                                  {"before", report.certificate_change->before},
                                                  {"now", report.certificate_change->now}});
    }
    if (const auto& ends = schedule.new_certificate_warning(); !ends.empty()) {
        log.write("mailbox.certificate_ends",
                  {{"mailbox", schedule.name()}, {"certificate", ends}});
    }
    if (const auto& ends = schedule.new_expiry_warning(); !ends.empty()) {
        log.write("mailbox.secret_ends", {{"mailbox", schedule.name()}, {"secret", ends}});
    }
    if (const auto& policy = schedule.new_policy_warning(); !policy.empty()) {
        log.write("mailbox.policy", {{"mailbox", schedule.name()}, {"policy", policy}});
    }
    for (const auto& note : report.notes) {
        log.write("mailbox.poll_noted", {{"mailbox", schedule.name()}, {"note", note}});
    }
    if (report.was_token_refused) {
        log.write("mailbox.token_refused",
                  {{"mailbox", schedule.name()}, {"error", report.error->describe()}});
    }
    if (report.error) {
        log_failure(log, schedule.name(), *report.error, when);
    }
}

} // namespace watchpost::collector
