#include "os/crash_point.h"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "base/bytes.h"

namespace watchpost::os {

namespace {

constexpr std::array table{
    CrashPointRow{CrashPoint::spool_before_append, "spool.before_append"},
    CrashPointRow{CrashPoint::spool_in_append, "spool.in_append"},
    CrashPointRow{CrashPoint::spool_before_sync, "spool.before_sync"},
    CrashPointRow{CrashPoint::spool_after_sync, "spool.after_sync"},
    CrashPointRow{CrashPoint::spool_before_large_sync, "spool.before_large_sync"},
    CrashPointRow{CrashPoint::spool_before_large_move, "spool.before_large_move"},
    CrashPointRow{CrashPoint::spool_before_large_sync_folder, "spool.before_large_sync_folder"},
    CrashPointRow{CrashPoint::spool_before_new_segment, "spool.before_new_segment"},
    CrashPointRow{CrashPoint::spool_in_new_segment, "spool.in_new_segment"},
    CrashPointRow{CrashPoint::spool_before_checkpoint_move, "spool.before_checkpoint_move"},
    CrashPointRow{CrashPoint::spool_after_checkpoint_move, "spool.after_checkpoint_move"},
    CrashPointRow{CrashPoint::spool_before_segment_removal, "spool.before_segment_removal"},
    CrashPointRow{CrashPoint::spool_before_state, "spool.before_state"},
    CrashPointRow{CrashPoint::spool_after_state, "spool.after_state"},
    CrashPointRow{CrashPoint::spool_before_flush, "spool.before_flush"},
    CrashPointRow{CrashPoint::spool_after_settle, "spool.after_settle"},
    CrashPointRow{CrashPoint::spool_before_identity_move, "spool.before_identity_move"},
    CrashPointRow{CrashPoint::spool_before_mend, "spool.before_mend"},
    CrashPointRow{CrashPoint::spool_in_mend, "spool.in_mend"},
    CrashPointRow{CrashPoint::collector_before_folder_data, "collector.before_folder_data"},
    CrashPointRow{CrashPoint::collector_before_commit, "collector.before_commit"},
    CrashPointRow{CrashPoint::collector_after_commit, "collector.after_commit"},
    CrashPointRow{CrashPoint::collector_in_first_poll, "collector.in_first_poll"},
    CrashPointRow{CrashPoint::collector_after_maildrop, "collector.after_maildrop"},
    CrashPointRow{CrashPoint::collector_before_delete, "collector.before_delete"},
    CrashPointRow{CrashPoint::collector_before_quit, "collector.before_quit"},
    CrashPointRow{CrashPoint::collector_after_quit, "collector.after_quit"},
    CrashPointRow{CrashPoint::pipeline_before_keep, "pipeline.before_keep"},
    CrashPointRow{CrashPoint::pipeline_after_keep, "pipeline.after_keep"},
    CrashPointRow{CrashPoint::pipeline_before_record, "pipeline.before_record"},
    CrashPointRow{CrashPoint::pipeline_after_record, "pipeline.after_record"},
    CrashPointRow{CrashPoint::control_after_record, "control.after_record"},
};

/// The one point at which this process is to end, if any.
struct Request {
    std::optional<CrashPoint> point;
    std::uint64_t pass = 1; // counted from 1
};

[[noreturn]] void refuse(std::string_view text)
{
    std::fprintf(stderr, "watchpost: WATCHPOST_CRASH_POINT=%.*s names no crash point\n",
                 static_cast<int>(text.size()), text.data());
    std::_Exit(2);
}

Request read_request()
{
    const char* const value = std::getenv("WATCHPOST_CRASH_POINT");
    if (value == nullptr || *value == '\0') {
        return {};
    }
    const std::string_view text{value};
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    const auto pass = colon == std::string_view::npos ? std::optional<std::uint64_t>{1}
                                                      : base::parse_decimal(text.substr(colon + 1));
    for (const CrashPointRow& row : table) {
        if (row.name == name && pass && *pass > 0) {
            return {row.point, *pass};
        }
    }
    refuse(text);
}

} // namespace

std::span<const CrashPointRow> crash_points() noexcept
{
    return table;
}

void crash_point(CrashPoint point) noexcept
{
    static const Request request = read_request();
    static std::atomic<std::uint64_t> passes{0};
    if (request.point == point && ++passes == request.pass) {
        std::raise(SIGKILL);
    }
}

} // namespace watchpost::os
