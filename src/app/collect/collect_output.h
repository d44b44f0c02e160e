// What a poll and a connection test print: lines for people, or one JSON object.
#pragma once

#include <chrono>
#include <string>

#include "collector/connection_test.h"
#include "collector/mailbox_settings.h"
#include "collector/poll_report.h"
#include "spool/intake.h"

namespace watchpost::app {

/// The summary line: messages, octets, seconds, TLS version, cipher, fingerprint.
[[nodiscard]] std::string summary_line(const collector::PollReport& report,
                                       std::chrono::milliseconds duration);

/// docs/collect.md has the shape.
[[nodiscard]] std::string to_json(const collector::PollReport& report,
                                  const collector::MailboxSettings& settings,
                                  const spool::MailboxKey& key, std::chrono::milliseconds duration);

[[nodiscard]] std::string to_text(const collector::ConnectionTest& test);
[[nodiscard]] std::string to_json(const collector::ConnectionTest& test,
                                  const collector::MailboxSettings& settings);

/// "; " and what to do about it; empty where its own words say it.
[[nodiscard]] std::string remedy_of(const base::Error& error);

/// The object that stands in place of a report where it did not come to one: {"error": {…}}.
[[nodiscard]] std::string to_json(const base::Error& error);

} // namespace watchpost::app
