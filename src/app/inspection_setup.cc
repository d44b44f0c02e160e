#include "app/inspection_setup.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "app/inspector_configuration.h"
#include "inspect/engines/attachment/attachment_engine.h"
#include "inspect/engines/clamav/clamd_scanner.h"
#include "inspect/engines/yara/yara_engine.h"

namespace watchpost::app {
namespace {

constexpr std::chrono::seconds view_time_max{20};

message::Limits to_limits(const config::MessageLimitSettings& from)
{
    message::Limits limits;
    limits.depth_max = from.depth_max;
    limits.parts_max = from.parts_max;
    limits.header_bytes_max = from.header_bytes_max;
    limits.header_fields_max = from.header_fields_max;
    limits.parameters_max = from.parameters_max;
    limits.defects_max = from.defects_max;
    limits.uu_blocks_max = from.uu_blocks_max;
    limits.decoded_children_bytes_max = from.decoded_children_bytes_max;
    return limits;
}

unpack::Limits to_limits(const config::UnpackLimitSettings& from)
{
    unpack::Limits limits;
    limits.depth_max = from.depth_max;
    limits.members_max = from.members_max;
    limits.member_bytes_max = from.member_bytes_max;
    limits.total_bytes_max = from.total_bytes_max;
    limits.ratio_max = from.ratio_max;
    limits.ratio_free_bytes = from.ratio_free_bytes;
    return limits;
}

inspect::ReportLimits to_limits(const config::ReportLimitSettings& from)
{
    inspect::ReportLimits limits;
    limits.parts_max = from.parts_max;
    limits.findings_max = from.findings_max;
    limits.defects_max = from.defects_max;
    limits.not_inspected_max = from.not_inspected_max;
    return limits;
}

pipeline::ScannerFactory make_scanner_factory(const config::Settings& settings)
{
    if (!uses_clamav(settings)) {
        return nullptr;
    }
    return [settings] {
        std::vector<std::unique_ptr<inspect::LeafScanner>> scanners;
        scanners.push_back(make_clamav_scanner(settings));
        return scanners;
    };
}

} // namespace

base::Result<std::vector<std::unique_ptr<inspect::Engine>>>
make_engines(const config::Settings& settings, const std::vector<pipeline::RuleFile>& rule_files)
{
    std::vector<std::unique_ptr<inspect::Engine>> engines;
    if (settings.engines.attachment) {
        engines.push_back(inspect::make_attachment_engine());
    }
    if (settings.engines.yara) {
        inspect::YaraSettings yara;
        yara.rule_files = settings.yara.rule_files;
        for (const pipeline::RuleFile& file : rule_files) {
            yara.files.push_back({file.path, file.name, file.importance});
        }
        auto engine = inspect::make_yara_engine(yara);
        if (!engine) {
            return base::fail(std::move(engine.error()));
        }
        engines.push_back(std::move(*engine));
    }
    return engines;
}

base::Result<std::vector<std::unique_ptr<inspect::Engine>>>
make_rule_check(const pipeline::RuleCheck& check)
{
    inspect::YaraSettings yara;
    yara.builtin = inspect::BuiltinRules::off;
    yara.texts.push_back({check.name, check.source});
    auto engine = inspect::make_yara_engine(yara);
    if (!engine) {
        return base::fail(std::move(engine.error()));
    }
    std::vector<std::unique_ptr<inspect::Engine>> engines;
    engines.push_back(std::move(*engine));
    return engines;
}

base::Result<std::uint32_t> check_rules(const pipeline::RuleCheck& check)
{
    pipeline::PoolSettings settings;
    settings.inspector.configuration = encode_configuration({{}, {}, check});
    settings.inspector.limits.start_time_max = std::chrono::seconds{20};
    const auto pool = pipeline::InspectorPool::make(std::move(settings));
    if (pool) {
        return (*pool)->rule_count();
    }
    const base::Error& error = pool.error();
    if (error.code() != base::ErrorCode::invalid_argument) {
        return base::fail(error);
    }
    const auto first_line = error.message().find('\n'); // says that there are messages
    return base::fail(error.code(), error.retry(),
                      first_line == std::string::npos ? error.message()
                                                      : error.message().substr(first_line + 1));
}

inspect::InspectionSettings to_inspection_settings(const config::Settings& settings)
{
    inspect::InspectionSettings result;
    result.message_limits = to_limits(settings.message_limits);
    result.unpack_limits = to_limits(settings.unpack_limits);
    result.report_limits = to_limits(settings.report_limits);
    result.archive_passwords = settings.archives.passwords;
    result.trusted_servers = settings.authentication.trusted_servers;
    return result;
}

std::unique_ptr<inspect::LeafScanner> make_clamav_scanner(const config::Settings& settings)
{
    inspect::ClamdSettings clamd;
    clamd.socket = settings.clamav.socket;
    clamd.file_bytes_max = settings.clamav.file_bytes_max;
    clamd.reply_time_max = std::chrono::seconds{settings.clamav.scan_seconds_max};
    return inspect::make_clamd_scanner(clamd);
}

bool uses_clamav(const config::Settings& settings)
{
    if (settings.engines.clamav == config::Switch::automatic) {
        std::error_code ignored; // what cannot be looked at is not there for us
        return std::filesystem::is_socket(settings.clamav.socket, ignored);
    }
    return settings.engines.clamav == config::Switch::on;
}

pipeline::PoolSettings to_pool_settings(const config::Settings& settings,
                                        const std::vector<pipeline::RuleFile>& rule_files)
{
    pipeline::PoolSettings pool;
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    pool.inspectors = settings.inspectors.count > 0 ? settings.inspectors.count : cores;
    pool.waiting_max = 2 * pool.inspectors;
    pool.inspector.configuration = encode_configuration({settings, rule_files, {}});
    if (settings.archives.run_program) {
        pool.inspector.unpacker = {"watchpost", "unpacker", settings.archives.program.native(),
                                   std::to_string(settings.inspectors.memory_bytes_max),
                                   std::to_string(settings.unpack_limits.member_bytes_max)};
    }
    pool.inspector.make_scanners = make_scanner_factory(settings);
    auto& limits = pool.inspector.limits;
    limits.time_max = std::chrono::seconds{settings.inspectors.message_seconds_max};
    limits.cpu_time_max = std::chrono::seconds{settings.inspectors.message_seconds_max};
    limits.scan_time_max = std::chrono::seconds{settings.clamav.scan_seconds_max};
    limits.message_bytes_max = settings.message_limits.bytes_max;
    limits.data_bytes_max = settings.inspectors.memory_bytes_max;
    limits.messages_max = static_cast<std::uint32_t>(settings.inspectors.messages_max);
    limits.leaf_bytes_max =
        std::max(settings.message_limits.bytes_max, settings.unpack_limits.member_bytes_max);
    limits.report = to_limits(settings.report_limits);
    return pool;
}

base::Result<os::UniqueFd> view_object(const config::Settings& settings, inspect::ObjectWish wish,
                                       pipeline::MessageInput message)
{
    auto inspector = to_pool_settings(settings).inspector;
    inspector.configuration = encode_configuration({settings, {}, {}, std::move(wish)});
    auto& time = inspector.limits.time_max; // somebody waits for it
    time = std::min<std::chrono::milliseconds>(time, view_time_max);
    inspector.limits.cpu_time_max = std::min(inspector.limits.cpu_time_max, view_time_max);
    inspector.limits.start_time_max = view_time_max;
    return pipeline::view_object(inspector, std::move(message));
}

} // namespace watchpost::app
