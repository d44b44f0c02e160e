// Prints what a spool holds: a table for people, a line of JSON a message for programs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "spool/reader.h"

namespace watchpost::app {

enum class Form : std::uint8_t { table, json };

struct SpoolSummary {
    std::string line;                    // "3 messages, 1.2 MiB"
    std::vector<std::string> complaints; // what is damaged or was left out; quoted
};

/// Goes to standard output.
[[nodiscard]] base::Result<SpoolSummary> list_messages(const spool::SpoolReader& reader, Form form);

/// Only the summary.
[[nodiscard]] base::Result<SpoolSummary> count_messages(const spool::SpoolReader& reader);

/// What the reader found damaged, a line each.
[[nodiscard]] std::vector<std::string> damage_lines(const spool::SpoolReader& reader);

} // namespace watchpost::app
