// From a report to what the store keeps of a message: pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inspect/report.h"
#include "pipeline/scan_report.h"
#include "spool/reader.h"
#include "store/records.h"
#include "verdict/finding.h"

namespace watchpost::pipeline {

/// What the collector noticed about the message as a whole: it came short, or is too large.
[[nodiscard]] std::vector<verdict::NotInspected> gaps_of(const spool::SpoolItem& item);

/// The report on a message that no inspector can be given.
[[nodiscard]] inspect::Report report_without_content(std::string reason, std::string detail);

/// A gap of an engine, or of the inspectors, that can be closed later by looking again.
[[nodiscard]] bool awaits_reinspection(const verdict::Verdict& verdict);

inline constexpr std::size_t report_json_bytes_max = std::size_t{24} << 20U; // else it is cut
inline constexpr std::size_t text_bytes_max = 4096;  // sender, a recipient, subject …
inline constexpr std::size_t recipients_max = 1'000; // half for Bcc; the report has them all
inline constexpr std::size_t rules_max = 1'000;

/// Texts valid UTF-8 and cut to the limits above; content_kept as the retention is now: what is
/// detected, and what waits to be inspected again.
[[nodiscard]] store::MessageRecord make_record(const spool::SpoolItem& item, ScanReport scan,
                                               base::Instant inspected_at);

} // namespace watchpost::pipeline
