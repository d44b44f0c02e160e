// One poll of the history that people see: when, how long, what it brought, where it failed.
//
// Plain values; texts are quoted and cut. The stored form, the document between the processes and
// PollRecord of schema/openapi.yaml are one JSON.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "collector/poll_report.h"
#include "collector/step_times.h"

namespace watchpost::collector {

enum class PollResult : std::uint8_t {
    ok,
    warning, // it went to its end, and somebody should look at it
    failed
};

/// "ok", "warning", "failed".
[[nodiscard]] std::string_view to_string(PollResult result) noexcept;

struct PollRecord {
    static constexpr std::size_t error_bytes_max = 1'000;
    static constexpr std::size_t note_bytes_max = 300;
    static constexpr std::size_t notes_max = 4;

    std::uint64_t number = 0; // of the mailbox's polls; grows
    base::Instant began_at{};
    std::chrono::milliseconds duration{};
    PollResult result = PollResult::ok;
    std::vector<StepTime> steps = {};
    unsigned links = 0;
    std::uint64_t listed = 0;
    std::uint64_t known = 0;
    std::uint64_t collected = 0;
    std::uint64_t octets = 0; // of the collected
    std::uint64_t fetched_again = 0;
    std::uint64_t refused = 0;
    std::uint64_t deleted = 0;
    std::uint64_t left = 0; // listed and not ours: the backlog
    std::uint64_t set_aside = 0;
    std::string address = {}; // that served the poll
    std::string error = {};   // with the server's words and the remedy
    std::vector<std::string> notes = {};

    friend bool operator==(const PollRecord&, const PollRecord&) = default;
};

[[nodiscard]] PollRecord make_record(const PollReport& report, base::Instant began_at,
                                     std::chrono::milliseconds duration);

/// At most StateStore::value_bytes_max octets, whatever is in it.
[[nodiscard]] std::string to_json(const PollRecord& record);
/// nullopt for what to_json does not write.
[[nodiscard]] std::optional<PollRecord> parse_poll_record(const std::string& json);

} // namespace watchpost::collector
