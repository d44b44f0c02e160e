// One row for each kind of finding: what it is called, how much it matters, what an officer reads.
//
// docs/findings.md is generated from this table and checked against it by a test. Immutable.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "verdict/finding.h"

namespace watchpost::verdict {

/// Who says how important a finding is.
enum class ImportanceFrom : std::uint8_t {
    table, // always the row's
    rule   // the rule may say otherwise (YARA metadata); the row's is the default
};

struct FindingRow {
    std::string_view id;
    std::string_view engine;
    Importance importance;
    ImportanceFrom importance_from;
    std::string_view sentence; // what was seen, for an officer
    std::string_view advice;   // what to do next
};

/// All rows, by engine, then by id.
[[nodiscard]] std::span<const FindingRow> finding_table() noexcept;

/// The row of that id, or null.
[[nodiscard]] const FindingRow* find_row(std::string_view id) noexcept;

/// What a finding's importance is by the table. An id without a row keeps what the finding says: a
/// newer engine's finding is not to be belittled by an older table.
[[nodiscard]] Importance importance_of(const Finding& finding) noexcept;

/// A finding of that row with its engine and importance filled in; the rule is the id. The id must
/// be in the table.
[[nodiscard]] Finding make_finding(std::string_view id);

/// docs/findings.md.
[[nodiscard]] std::string findings_as_markdown();

} // namespace watchpost::verdict
