// What an operator can set, as the program holds it: plain values, complete with their defaults.
//
// A setting exists by its row in settings_table.cc; file, example, docs and later the console's
// form come out of that row. The limits repeat the defaults of the modules that they are for, which
// stand in higher layers; a test in app/ holds the two together. Immutable once read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace watchpost::config {

/// `automatic` is on where the thing it needs is there when the program starts.
enum class Switch : std::uint8_t { off, on, automatic };

struct EngineSettings {
    bool attachment = true;
    bool yara = true;
    Switch clamav = Switch::automatic;
};

struct ClamavSettings {
    std::filesystem::path socket = "/run/clamav/clamd.ctl";
    std::uint64_t file_bytes_max = std::uint64_t{100} << 20U;
    std::uint64_t scan_seconds_max = 120;
};

struct YaraSettings {
    std::vector<std::filesystem::path> rule_files;
};

struct ArchiveSettings {
    std::vector<std::string> passwords;
    bool run_program = true;
    std::filesystem::path program = "/usr/bin/7zz";
};

struct AuthenticationSettings {
    std::vector<std::string> trusted_servers;
};

struct InspectorSettings {
    std::uint64_t count = 0; // 0: one a core
    std::uint64_t message_seconds_max = 60;
    std::uint64_t memory_bytes_max = std::uint64_t{1} << 30U;
    std::uint64_t messages_max = 500;
};

struct MessageLimitSettings {
    std::uint64_t bytes_max = std::uint64_t{256} << 20U;
    std::uint64_t depth_max = 100;
    std::uint64_t parts_max = 20'000;
    std::uint64_t header_bytes_max = std::uint64_t{4} << 20U;
    std::uint64_t header_fields_max = 20'000;
    std::uint64_t parameters_max = 500;
    std::uint64_t defects_max = 5'000;
    std::uint64_t uu_blocks_max = 1'000;
    std::uint64_t decoded_children_bytes_max = std::uint64_t{512} << 20U;
};

struct UnpackLimitSettings {
    std::uint64_t depth_max = 16;
    std::uint64_t members_max = 10'000;
    std::uint64_t member_bytes_max = std::uint64_t{256} << 20U;
    std::uint64_t total_bytes_max = std::uint64_t{1} << 30U;
    std::uint64_t ratio_max = 1'000;
    std::uint64_t ratio_free_bytes = std::uint64_t{16} << 20U;
};

struct ReportLimitSettings {
    std::uint64_t parts_max = 50'000;
    std::uint64_t findings_max = 5'000;
    std::uint64_t defects_max = 5'000;
    std::uint64_t not_inspected_max = 5'000;
};

struct CollectorSettings {
    std::uint64_t connections_max = 32;
    std::uint64_t connections_per_server_max = 8;
    std::uint64_t log_in_interval_ms = 100;
    std::uint64_t turn_seconds_max = 30;
    std::uint64_t turn_messages_max = 5'000;
    std::uint64_t known_messages_max = 100'000;
};

struct SpoolSettings {
    std::uint64_t bytes_max = std::uint64_t{20} << 30U; // 0: no limit but the disk
    std::uint64_t free_bytes_min = std::uint64_t{64} << 20U;
};

struct Settings {
    CollectorSettings collector;
    SpoolSettings spool;
    EngineSettings engines;
    ClamavSettings clamav;
    YaraSettings yara;
    ArchiveSettings archives;
    AuthenticationSettings authentication;
    InspectorSettings inspectors;
    MessageLimitSettings message_limits;
    UnpackLimitSettings unpack_limits;
    ReportLimitSettings report_limits;
};

} // namespace watchpost::config
