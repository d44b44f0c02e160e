// Which processes there are, and what each may: the one screen on which the division by trust
// stands. `watchpost processes` prints it, and whoever starts processes goes by it.
//
// A row is a promise; what enforces it is named in docs/adr/0007-sandboxed-inspectors.md and tried
// by tests. Immutable; thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace watchpost::node {

struct ProcessRow {
    std::string_view name;
    std::string_view started_by;
    std::string_view runs_as;
    std::string_view network;
    std::string_view secrets;
    std::string_view hostile_bytes; // which of them it reads
    std::string_view writes;
};

[[nodiscard]] std::span<const ProcessRow> process_table() noexcept;

/// The row of that name, or null.
[[nodiscard]] const ProcessRow* find_process(std::string_view name) noexcept;

/// For a terminal of 80 columns and more; ends with a line end.
[[nodiscard]] std::string table_as_text();

} // namespace watchpost::node
