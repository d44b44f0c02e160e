// A scan's result in words, for a terminal. Every text of the message is quoted.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/scan_report.h"

namespace watchpost::pipeline {

/// For text that an inspector says it has quoted (Finding::detail): it is not believed, but what it
/// did quote is not quoted twice.
[[nodiscard]] std::string requote(std::string_view text);

/// One line for a clean message, a block for any other; ends with a line end.
[[nodiscard]] std::string to_text(const ScanReport& scan);

/// What a whole run came to.
struct ScanCounts {
    std::size_t detected = 0; // also those that were inspected in part
    std::size_t partial = 0;  // nothing detected, but not wholly inspected
    std::size_t clean = 0;
    std::size_t failed = 0; // could not be read

    void count(const verdict::Verdict& verdict) noexcept;
    [[nodiscard]] std::size_t all() const noexcept { return detected + partial + clean + failed; }
    /// 3 where one failed, else 1 where something was detected, else 2 where one is partial, else
    /// 0.
    [[nodiscard]] int exit_code() const noexcept;
};

/// "12 messages: 1 detected, 2 inspected only in part, 9 clean."
[[nodiscard]] std::string to_text(const ScanCounts& counts);

} // namespace watchpost::pipeline
