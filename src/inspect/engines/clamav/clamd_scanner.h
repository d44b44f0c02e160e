// Asks a clamd over its unix socket; the bytes go as a file descriptor, so clamd opens nothing of
// ours and need not be allowed to.
//
// Runs in the pipeline process only; the sandbox has no sockets. One session (zIDSESSION) is kept
// and opened again when clamd was restarted. Confined to one thread. clamd(8).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "inspect/leaf_scanner.h"

namespace watchpost::inspect {

struct ClamdSettings {
    std::filesystem::path socket = "/run/clamav/clamd.ctl";
    /// Larger files are not sent. clamd passes silently over what is beyond its MaxFileSize (100
    /// MiB unless set), so this must not be above that.
    std::uint64_t file_bytes_max = std::uint64_t{100} << 20U;
    std::chrono::seconds reply_time_max{120}; // one file; an earlier deadline of the call wins
};

/// Does not connect: a clamd that is down now may be up at the first scan.
/// Errors of scan(): limit_exceeded (clamd did not look at all of it), timed_out, engine_failed
/// (with the remedy). verdict::gap_reason names the gap to record.
[[nodiscard]] std::unique_ptr<LeafScanner> make_clamd_scanner(const ClamdSettings& settings);

} // namespace watchpost::inspect
