// Every message that the service logs, declared once: its id, how much it matters, its sentence,
// and a paragraph for the operator. docs/log-messages.md comes out of this table.
//
// An id, once released, keeps its meaning: monitoring goes by it. Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace watchpost::diag {

enum class Severity : std::uint8_t { info, warning, error };

[[nodiscard]] std::string_view to_string(Severity severity) noexcept;

struct LogMessage {
    std::string_view id; // "mailbox.poll_failed": what it is about, and what happened
    Severity severity = Severity::info;
    std::string_view sentence;  // without a full stop
    std::string_view values;    // the names that a line carries beside the sentence
    std::string_view paragraph; // what it means and what to do
};

/// All rows, by id.
[[nodiscard]] std::span<const LogMessage> log_catalogue() noexcept;

/// The row of that id, or null.
[[nodiscard]] const LogMessage* find_log_message(std::string_view id) noexcept;

/// docs/log-messages.md.
[[nodiscard]] std::string log_messages_page();

} // namespace watchpost::diag
