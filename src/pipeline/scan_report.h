// One message after its scan, as people and programs read it. docs/scan-json.md is the contract.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "inspect/report.h"
#include "verdict/verdict.h"

namespace watchpost::pipeline {

struct ScanReport {
    std::string file; // as it was named on the command line or found in a folder; may be empty
    inspect::Report report; // findings and not_inspected have moved into the verdict
    verdict::Verdict verdict;
};

/// Combines what came home into the verdict.
[[nodiscard]] ScanReport conclude(std::string file, inspect::Report report,
                                  const verdict::Policy& policy = {});

/// One line of JSON without the line end; always valid UTF-8. An empty `file` is left out.
[[nodiscard]] std::string to_json_line(const ScanReport& scan);

/// A line for a message that could not be read at all.
[[nodiscard]] std::string to_json_line(std::string_view file, const base::Error& error);

} // namespace watchpost::pipeline
