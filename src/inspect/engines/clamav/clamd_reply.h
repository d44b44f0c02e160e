// What clamd answers within a session: "<number>: <reply>". clamd(8), "IDSESSION".
//
// A reply is checked in full: a text that is not exactly one we know is an error and never "clean".
// Pure, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watchpost::inspect::clamav {

/// Longer replies are refused: names of signatures and messages stay far below.
inline constexpr std::size_t reply_bytes_max = 8192;

struct SessionReply {
    std::uint64_t number = 0; // of the command in its session, from 1
    std::string_view text;
};

/// nullopt where it does not begin with a number and ": ". `line` without its terminating NUL.
[[nodiscard]] std::optional<SessionReply> parse_session_reply(std::string_view line) noexcept;

enum class ScanOutcome : std::uint8_t {
    clean,
    found,
    limit_reached, // clamd gave up on a part of the file by its own limits
    failed,        // clamd could not scan
    malformed      // none of the replies that clamd has
};

struct ScanReply {
    ScanOutcome outcome = ScanOutcome::malformed;
    std::string text; // the signature's name, or the error in clamd's words
};

/// The reply to FILDES: "fd[10]: OK", "fd[10]: Name FOUND", "fd[10]: Text ERROR".
[[nodiscard]] ScanReply parse_scan_reply(std::string_view text);

} // namespace watchpost::inspect::clamav
